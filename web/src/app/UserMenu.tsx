import {
  Button,
  Popover,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import {
  IconDeviceDesktop,
  IconDots,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
  type Icon,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { client, unwrap } from "../api/client";
import { forgetPerson } from "../api/queries";
import { Monogram } from "../widgets/Monogram";
import { errorText } from "../widgets/states/states";
import { ROLE_LABELS } from "./roles";
import { useMe } from "./session";
import classes from "./UserMenu.module.css";

/** Signs out and forgets all that was read. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/v1/auth/logout")),
    onSuccess: async () => {
      await navigate({ to: "/signin" });
      forgetPerson(queryClient);
    },
    onError: (error) => notifications.show({ color: "red", title: "Not signed out", message: errorText(error) }),
  });
}

export function UserMenu({ onLeave }: { onLeave: (() => void) | undefined }) {
  const me = useMe();
  const signOut = useSignOut();
  const [opened, menu] = useDisclosure(false);
  return (
    <Popover position="top-start" width={240} trapFocus opened={opened} onChange={menu.set}>
      <Popover.Target>
        <UnstyledButton className={classes.target} onClick={menu.toggle}>
          <VisuallyHidden>Your account:</VisuallyHidden>
          <Monogram name={me.user.name} />
          <span className={classes.name}>
            {me.user.name}
            <small>{ROLE_LABELS[me.entered_by_platform ? "platform_admin" : me.role]}</small>
          </span>
          <IconDots size={15} aria-hidden="true" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="Your account">
        <Text size="xs" c="dimmed" px={8} pt={4} pb={8} truncate>
          {me.user.email}
        </Text>
        <SchemeChoice />
        <Button
          fullWidth
          variant="subtle"
          color="gray"
          justify="flex-start"
          mt={6}
          px={8}
          leftSection={<IconUserCircle size={15} stroke={1.7} />}
          component={Link}
          to="/account"
          onClick={() => {
            menu.close();
            onLeave?.();
          }}
        >
          Your account
        </Button>
        <Button
          fullWidth
          variant="subtle"
          color="gray"
          justify="flex-start"
          px={8}
          leftSection={<IconLogout size={15} stroke={1.7} />}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

const SCHEMES: [value: "light" | "dark" | "auto", label: string, icon: Icon][] = [
  ["light", "Light", IconSun],
  ["dark", "Dark", IconMoon],
  ["auto", "As the system", IconDeviceDesktop],
];

function SchemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <SegmentedControl
      fullWidth
      aria-label="Appearance"
      value={colorScheme}
      onChange={(value) => setColorScheme(value)}
      data={SCHEMES.map(([value, label, SchemeIcon]) => ({
        value,
        label: (
          <span className={classes.scheme} title={label}>
            <SchemeIcon size={15} stroke={1.7} aria-hidden="true" />
            <VisuallyHidden>{label}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
}
