// Loaded when the first chart is on the screen: the chart library is larger than the rest of the console.
import { AreaChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { Paper, Text, VisuallyHidden } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { useZone } from "../../app/session";
import { dateText, dayOf, shortDateText } from "../format/time";
import { useNow } from "../useNow";
import { axisText, figureOf, METRICS, plotOf, type MetricName } from "./metrics";

type Point = Schemas["SeriesPoint"];

const COLOUR = "var(--mb-accent-text)";

interface TrendChartProps {
  series: Point[];
  name: MetricName;
}

export default function TrendChart({ series, name }: TrendChartProps) {
  const zone = useZone();
  const now = useNow();
  const last = series.at(-1);
  // A day that is not over is not a fall: its stretch of the line is dashed.
  const isOpen = last !== undefined && dayOf(Date.parse(last.start), zone) === dayOf(now, zone);
  const data = series.map((point, index) => {
    const value = plotOf(point, name);
    const [fromEnd, whole] = [series.length - index, isOpen ? index < series.length - 1 : true];
    return { start: point.start, whole: whole ? value : null, open: isOpen && fromEnd <= 2 ? value : null };
  });
  const label = METRICS[name].label;
  return (
    <>
      <DayTable series={series} name={name} zone={zone} />
      <div style={{ height: "100%" }}>
        <AreaChart
          h="100%"
          data={data}
          dataKey="start"
          series={[
            { name: "whole", label, color: COLOUR },
            { name: "open", label, color: COLOUR, strokeDasharray: "3 4" },
          ]}
          curveType="linear"
          strokeWidth={1.75}
          fillOpacity={0.16}
          connectNulls={false}
          withDots={series.length < 3}
          dotProps={{ r: 3 }}
          activeDotProps={{ r: 3.5, strokeWidth: 2 }}
          gridAxis="x"
          gridColor="var(--mb-line-soft)"
          textColor="var(--mantine-color-dimmed)"
          tickLine="none"
          strokeDasharray="0"
          areaChartProps={{
            margin: { top: 6, right: 4, bottom: 0, left: 0 },
            // Arrows go from day to day.
            accessibilityLayer: true,
            title: `${label} per day`,
          }}
          xAxisProps={{
            interval: "equidistantPreserveStart",
            minTickGap: 28,
            tickMargin: 10,
            height: 30,
            tickFormatter: (start: string) => shortDateText(start, zone),
          }}
          yAxisProps={{
            width: 50,
            tickCount: 4,
            tickMargin: 8,
            tickFormatter: (value: number) => axisText(name, value),
          }}
          tooltipAnimationDuration={0}
          areaProps={{ isAnimationActive: false }}
          tooltipProps={{
            content: ({ label: start }) => {
              const point = series.find((one) => one.start === start);
              return (
                point && <DayTooltip point={point} name={name} zone={zone} soFar={isOpen && point === series.at(-1)} />
              );
            },
          }}
        />
      </div>
    </>
  );
}

interface DayTooltipProps {
  point: Point;
  name: MetricName;
  zone: string;
  soFar: boolean;
}

function DayTooltip({ point, name, zone, soFar }: DayTooltipProps) {
  return (
    <Paper withBorder shadow="md" px="sm" py={7} radius="md">
      <Text size="xs" c="dimmed">
        {soFar ? "Today, so far" : dateText(point.start, zone)}
      </Text>
      <Text size="sm" fw={600} className="figures">
        {figureOf(point, name)?.text}
      </Text>
    </Paper>
  );
}

/** What the lines show, for those who do not see them. */
function DayTable({ series, name, zone }: TrendChartProps & { zone: string }) {
  return (
    <VisuallyHidden>
      <table>
        <caption>{METRICS[name].label} per day</caption>
        <tbody>
          {series.map((point) => (
            <tr key={point.start}>
              <th scope="row">{dateText(point.start, zone)}</th>
              <td>{figureOf(point, name)?.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
