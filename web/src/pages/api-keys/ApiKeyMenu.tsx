import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconKeyOff, IconRefresh } from "@tabler/icons-react";
import type { Schemas } from "../../api/client";
import { useMay } from "../../app/session";

export type ApiKeyDialog = "rotate" | "revoke";

interface ApiKeyMenuProps {
  apiKey: Schemas["ApiKey"];
  onChoose: (dialog: ApiKeyDialog, apiKey: Schemas["ApiKey"]) => void;
}

/** What can be done to a key that works. */
export function ApiKeyMenu({ apiKey, onChoose }: ApiKeyMenuProps) {
  if (!useMay("apikeys.manage") || apiKey.status !== "active") return null;
  return (
    <Menu width={160}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${apiKey.name} …${apiKey.hint}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={15} stroke={1.7} />} onClick={() => onChoose("rotate", apiKey)}>
          Rotate…
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconKeyOff size={15} stroke={1.7} />}
          onClick={() => onChoose("revoke", apiKey)}
        >
          Revoke…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
