import { Page } from "@/composants/Page";

export default function Mutuelles() {
  return <Page titre="Mutuelles">…</Page>;
}
