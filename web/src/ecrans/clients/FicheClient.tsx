import { Page } from "@/composants/Page";

export default function FicheClient({ id }: { id: string }) {
  return <Page titre="FicheClient">{id}</Page>;
}
