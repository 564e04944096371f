// Loaded when the page is: the chart library is larger than the rest of the console.
import { BarChart } from "@mantine/charts";
import "@mantine/charts/styles.layer.css";
import { Paper, Text, VisuallyHidden } from "@mantine/core";
import { useZone } from "../../app/session";
import { moneyText, plotValue, shortMoneyText } from "../../widgets/format/money";
import { dateText, monthText, type Zone } from "../../widgets/format/time";
import type { MonthProfit } from "./queries";

const SERIES = [
  { name: "payable", label: "Payable", color: "var(--mb-accent-text)" },
  { name: "collected", label: "Collected by you", color: "var(--mantine-color-gray-5)" },
];

export default function MonthsChart({ months }: { months: MonthProfit[] }) {
  const zone = useZone();
  const data = months.map((month) => ({
    start: month.start,
    payable: plotValue(month.payable_usd),
    collected: plotValue(month.collected_usd),
  }));
  return (
    <>
      <MonthTable months={months} zone={zone} />
      <div style={{ height: "100%" }}>
        <BarChart
          h="100%"
          data={data}
          dataKey="start"
          type="stacked"
          series={SERIES}
          maxBarWidth={44}
          gridAxis="x"
          gridColor="var(--mb-line-soft)"
          textColor="var(--mantine-color-dimmed)"
          tickLine="none"
          strokeDasharray="0"
          barChartProps={{
            margin: { top: 6, right: 4, bottom: 0, left: 0 },
            accessibilityLayer: true,
            title: "Profit per month",
            stackOffset: "sign",
          }}
          barProps={{ isAnimationActive: false }}
          xAxisProps={{
            interval: "equidistantPreserveStart",
            minTickGap: 16,
            tickMargin: 10,
            height: 30,
            tickFormatter: (start: string) => monthText(start, zone),
          }}
          yAxisProps={{ width: 50, tickCount: 4, tickMargin: 8, tickFormatter: shortMoneyText }}
          tooltipAnimationDuration={0}
          tooltipProps={{
            content: ({ label: start }) => {
              const month = months.find((one) => one.start === start);
              return month && <MonthTooltip month={month} zone={zone} />;
            },
          }}
        />
      </div>
    </>
  );
}

interface MonthProps {
  month: MonthProfit;
  zone: Zone;
}

/** A month that the range cuts says where. */
function spanText({ start, end }: MonthProfit, zone: Zone): string {
  return `${dateText(start, zone)} – ${dateText(new Date(Date.parse(end) - 1).toISOString(), zone)}`;
}

function MonthTooltip({ month, zone }: MonthProps) {
  return (
    <Paper withBorder shadow="md" px="sm" py={7} radius="md">
      <Text size="xs" c="dimmed">
        {spanText(month, zone)}
      </Text>
      <Text size="sm" fw={600} className="figures">
        {moneyText(month.profit_usd)}
      </Text>
      <Text size="xs" className="figures">
        {moneyText(month.payable_usd)} payable, {moneyText(month.collected_usd)} collected by you
      </Text>
    </Paper>
  );
}

/** What the bars show, for those who do not see them. */
function MonthTable({ months, zone }: { months: MonthProfit[]; zone: Zone }) {
  return (
    <VisuallyHidden>
      <table>
        <caption>Profit per month</caption>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Payable</th>
            <th scope="col">Collected by you</th>
          </tr>
        </thead>
        <tbody>
          {months.map((month) => (
            <tr key={month.start}>
              <th scope="row">{spanText(month, zone)}</th>
              <td>{moneyText(month.payable_usd)}</td>
              <td>{moneyText(month.collected_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </VisuallyHidden>
  );
}
