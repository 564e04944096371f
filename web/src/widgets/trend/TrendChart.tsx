// Loaded when the first chart is on the screen: the chart library is larger than the rest of the console.
import { AreaChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { Paper, Text } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { dateText, shortDateText } from "../format/time";
import { axisText, figureOf, METRICS, plotOf, type MetricName } from "./metrics";

interface TrendChartProps {
  series: Schemas["SeriesPoint"][];
  name: MetricName;
}

export default function TrendChart({ series, name }: TrendChartProps) {
  const zone = useZone();
  const label = METRICS[name].label;
  const data = series.map((point) => ({ start: point.start, value: plotOf(point, name) }));
  return (
    <div role="img" aria-label={`${label} per day`} style={{ height: "100%" }}>
      <AreaChart
        h="100%"
        data={data}
        dataKey="start"
        series={[{ name: "value", label, color: "var(--mb-accent-text)" }]}
        curveType="linear"
        strokeWidth={1.75}
        fillOpacity={0.16}
        withDots={series.length < 3}
        activeDotProps={{ r: 3.5, strokeWidth: 2 }}
        gridAxis="x"
        tickLine="none"
        gridProps={{ strokeDasharray: "0", stroke: "var(--mb-line-soft)" }}
        xAxisProps={{
          interval: "equidistantPreserveStart",
          minTickGap: 28,
          tickMargin: 8,
          height: 26,
          tickFormatter: (start: string) => shortDateText(start, zone),
        }}
        yAxisProps={{ width: 52, tickCount: 4, tickFormatter: (value: number) => axisText(name, value) }}
        tooltipAnimationDuration={0}
        areaProps={{ isAnimationActive: false }}
        tooltipProps={{
          content: ({ label: start }) => {
            const point = series.find((one) => one.start === start);
            return point ? <DayTooltip point={point} name={name} zone={zone} /> : null;
          },
        }}
      />
    </div>
  );
}

interface DayTooltipProps {
  point: Schemas["SeriesPoint"];
  name: MetricName;
  zone: string;
}

function DayTooltip({ point, name, zone }: DayTooltipProps) {
  return (
    <Paper withBorder shadow="md" px="sm" py={7} radius="md">
      <Text size="xs" c="dimmed">
        {dateText(point.start, zone)}
      </Text>
      <Text size="sm" fw={600} className="figures">
        {figureOf(point, name)?.text}
      </Text>
    </Paper>
  );
}
