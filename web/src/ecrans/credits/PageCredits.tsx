import { Page } from "@/composants/Page";

export default function PageCredits() {
  return <Page titre="PageCredits">…</Page>;
}
