/** Where a screen breaks, words stand in its place: the frame stays, and another screen can be opened. */
import { Component, type ReactNode } from "react";
import { useLocation } from "wouter";
import { Erreur } from "./Erreur";
import { Page } from "./Page";

interface Props {
  adresse: string;
  children: ReactNode;
}

interface Etat {
  adresse: string;
  error: unknown;
}

class Barriere extends Component<Props, Etat> {
  override state: Etat = { adresse: this.props.adresse, error: null };

  static getDerivedStateFromError = (error: unknown): Partial<Etat> => ({ error: error ?? new Error("thrown") });

  /** Another address is another screen. */
  static getDerivedStateFromProps = ({ adresse }: Props, etat: Etat): Etat | null =>
    adresse === etat.adresse ? null : { adresse, error: null };

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <Page titre="Cet écran ne s'affiche pas">
        <Erreur error={this.state.error} onRetry={() => location.reload()} />
      </Page>
    );
  }
}

export function Rempart({ children }: { children: ReactNode }) {
  const [adresse] = useLocation();
  return <Barriere adresse={adresse}>{children}</Barriere>;
}
