import { Page } from "@/composants/Page";

export default function Tableau() {
  return <Page titre="Tableau">…</Page>;
}
