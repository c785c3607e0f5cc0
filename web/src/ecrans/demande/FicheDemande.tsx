import { Page } from "@/composants/Page";

export default function FicheDemande({ id }: { id: string }) {
  return <Page titre="FicheDemande">{id}</Page>;
}
