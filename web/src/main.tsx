import "./styles";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { Injoignable, Probleme } from "./api/problemes";
import { Annonces } from "./composants/Annonce";
import { theme, variables } from "./theme";

/** A read that nobody answered, or that the server could not serve just now, is asked twice more; a refusal is an answer. */
const retry = (failures: number, error: unknown): boolean =>
  failures < 2 && (error instanceof Injoignable || (error instanceof Probleme && error.status >= 500));

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry, retryDelay: (attempt) => 500 * 2 ** attempt, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

const racine = document.getElementById("racine");
if (racine) {
  createRoot(racine).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <QueryClientProvider client={client}>
          <App />
          <Annonces />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
