import { Page } from "@/composants/Page";

export default function ImportMutuelles() {
  return <Page titre="ImportMutuelles">…</Page>;
}
