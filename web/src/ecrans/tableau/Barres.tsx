/** The drawing of a chart; a module of its own because the library that draws is as large as the rest of the client. */
import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import type { FigureProps } from "./Figure";

const COULEURS = ["var(--barre-1)", "var(--barre-2)"];
const NOM_MAX = 40;
const RANG_PX = 24;

const short = (nom: string): string => (nom.length > NOM_MAX ? `${nom.slice(0, NOM_MAX - 1)}…` : nom);

export default function Barres({ series, points, sens }: Pick<FigureProps, "series" | "points" | "sens">) {
  const couche = sens === "couche";
  const dire = series[0]?.dire ?? String;
  const data = points.map(({ nom, valeurs }) => ({
    nom,
    ...Object.fromEntries(series.map((serie, i) => [serie.nom, valeurs[i] ?? null])),
  }));
  return (
    <BarChart
      h={couche ? points.length * (10 + RANG_PX * series.length) + 16 : 220}
      data={data}
      dataKey="nom"
      orientation={couche ? "vertical" : "horizontal"}
      series={series.map(({ nom }, i) => ({ name: nom, color: COULEURS[i] ?? "var(--barre-1)" }))}
      withLegend={false}
      withTooltip={false}
      withBarValueLabel
      valueLabelProps={({ name }) => ({
        position: couche ? "right" : "top",
        fill: "var(--mantine-color-text)",
        fontSize: 12,
        // With two bars each says which it is: a legend would be told by its colours alone.
        formatter: (valeur) => (series.length > 1 ? `${dire(Number(valeur))} (${name.toLowerCase()})` : dire(Number(valeur))),
      })}
      gridAxis="none"
      tickLine="none"
      maxBarWidth={couche ? 18 : 48}
      barChartProps={{
        accessibilityLayer: false,
        margin: couche ? { right: series.length > 1 ? 150 : 90, top: 0, bottom: 0 } : { right: 10, top: 22 },
      }}
      barProps={{ isAnimationActive: false }}
      xAxisProps={couche ? { hide: true } : { interval: 0 }}
      yAxisProps={couche ? { width: 190, interval: 0, tickFormatter: short } : { hide: true }}
    />
  );
}
