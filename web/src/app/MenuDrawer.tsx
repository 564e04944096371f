// The navigation of narrow screens, over the page. Its code comes with the first use.
import { Drawer } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { Navigation } from "./Navigation";

interface MenuDrawerProps {
  opened: boolean;
  onClose: () => void;
  onSearch: () => void;
}

export default function MenuDrawer({ opened, onClose, onSearch }: MenuDrawerProps) {
  // A drawer gives the focus back to where it was when it was opened, not when it was made.
  const isThere = useMounted();
  return (
    <Drawer
      opened={isThere && opened}
      onClose={onClose}
      size={268}
      padding={0}
      withCloseButton={false}
      attributes={{ content: { "aria-label": "Navigation" } }}
      styles={{ body: { height: "100%" } }}
    >
      <Navigation onSearch={onSearch} onLeave={onClose} />
    </Drawer>
  );
}
