import { Page } from "@/composants/Page";

export default function FicheDossier({ id }: { id: string }) {
  return <Page titre="FicheDossier">{id}</Page>;
}
