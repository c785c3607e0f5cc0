import { Page } from "@/composants/Page";

export default function Clients() {
  return <Page titre="Clients">…</Page>;
}
