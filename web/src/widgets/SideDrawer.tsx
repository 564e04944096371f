// All there is to know of one row, beside its list.
import { Drawer, type DrawerProps } from "@mantine/core";
import { useFocusReturn } from "./useFocusReturn";

interface SideDrawerProps extends Omit<DrawerProps, "opened" | "position"> {
  title: string;
}

export function SideDrawer(props: SideDrawerProps) {
  useFocusReturn();
  return <Drawer opened position="right" {...props} />;
}
