import { Page } from "@/composants/Page";

export default function Reglages() {
  return <Page titre="Reglages">…</Page>;
}
