import { Page } from "@/composants/Page";

export default function Travail() {
  return <Page titre="Travail">…</Page>;
}
