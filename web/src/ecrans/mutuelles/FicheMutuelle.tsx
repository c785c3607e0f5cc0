import { Page } from "@/composants/Page";

export default function FicheMutuelle({ id }: { id: string }) {
  return <Page titre="FicheMutuelle">{id}</Page>;
}
