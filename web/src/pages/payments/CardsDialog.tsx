// The cards of an account: which one pays by itself, one more, one less.
import { Badge, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCreditCard, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { client, unwrap, type Schemas } from "../../api/client";
import { keys } from "../../api/queries";
import { ConfirmDialog } from "../../widgets/form/ConfirmDialog";
import { Dialog } from "../../widgets/form/Dialog";
import { FormError } from "../../widgets/form/FormError";
import { useIntent } from "../../widgets/form/intent";
import { EmptyState, ErrorState } from "../../widgets/states/states";
import { AddCardDialog } from "./AddCardDialog";
import classes from "./payments.module.css";
import { cardsQuery, type Card } from "./queries";
import { cardName, expiryText } from "./words";

interface CardsDialogProps {
  account: Schemas["Subaccount"];
  onClose: () => void;
}

export function CardsDialog({ account, onClose }: CardsDialogProps) {
  const cards = useQuery(cardsQuery(account.id));
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Card | null>(null);
  const choose = useChoose(account.id);
  if (adding) return <AddCardDialog account={account} onClose={() => setAdding(false)} />;
  if (removing) return <RemoveCardDialog card={removing} cards={cards.data ?? []} onClose={() => setRemoving(null)} />;
  return (
    <Dialog title={`Cards of ${account.name}`} onClose={onClose}>
      <Stack>
        <Text size="sm" c="dimmed">
          The default card pays what is bought automatically. Any of them can pay for minutes that are bought by hand.
        </Text>
        {cards.isError && <ErrorState error={cards.error} onRetry={() => void cards.refetch()} />}
        {cards.isPending && <Loader aria-label="Loading" />}
        {cards.data?.length === 0 && (
          <EmptyState icon={IconCreditCard} title="No cards yet">
            Add one to buy minutes that are in the wallet at once.
          </EmptyState>
        )}
        {cards.data && cards.data.length > 0 && (
          <ul className={classes.cards} aria-label="Cards">
            {cards.data.map((card) => (
              <CardLine
                key={card.id}
                card={card}
                busy={choose.isPending}
                onChoose={() => choose.mutate(card)}
                onRemove={() => setRemoving(card)}
              />
            ))}
          </ul>
        )}
        <FormError error={choose.error} fields={[]} />
        <Dialog.Buttons>
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Add a card
          </Button>
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Dialog.Buttons>
      </Stack>
    </Dialog>
  );
}

function useChoose(subaccount: string) {
  const queryClient = useQueryClient();
  const intent = useIntent();
  return useMutation({
    mutationFn: (card: Card) => {
      const params = { path: { subaccount, payment_method: card.id }, header: intent([card.id, card.default]) };
      return unwrap(client.POST("/v1/subaccounts/{subaccount}/payment_methods/{payment_method}/default", { params }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.cards }),
  });
}

interface CardLineProps {
  card: Card;
  busy: boolean;
  onChoose: () => void;
  onRemove: () => void;
}

function CardLine({ card, busy, onChoose, onRemove }: CardLineProps) {
  const name = cardName(card);
  return (
    <li>
      <IconCreditCard size={18} stroke={1.6} aria-hidden="true" />
      <div className={classes.cardName}>
        <span>{name}</span>
        <Text size="xs" c={card.expired ? "var(--mb-bad)" : "dimmed"} className="figures">
          {card.expired ? "Expired" : "Until"} {expiryText(card)}
        </Text>
      </div>
      {card.default && (
        <Badge color="pine" tt="none">
          Default
        </Badge>
      )}
      <Group gap={6} wrap="nowrap">
        {!card.default && !card.expired && (
          <Button
            size="compact-xs"
            variant="default"
            disabled={busy}
            onClick={onChoose}
            aria-label={`Make default: ${name}`}
          >
            Make default
          </Button>
        )}
        <Button size="compact-xs" variant="default" onClick={onRemove} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </Group>
    </li>
  );
}

interface RemoveCardDialogProps {
  card: Card;
  cards: Card[];
  onClose: () => void;
}

function RemoveCardDialog({ card, cards, onClose }: RemoveCardDialogProps) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      const params = { path: { subaccount: card.subaccount, payment_method: card.id } };
      const { response, error } = await client.DELETE("/v1/subaccounts/{subaccount}/payment_methods/{payment_method}", {
        params,
      });
      if (!response.ok) await unwrap(Promise.resolve({ response, error }));
    },
    onSuccess: () => {
      notifications.show({ message: `${cardName(card)} was removed.` });
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.cards }),
  });
  const others = cards.filter(({ id }) => id !== card.id);
  return (
    <ConfirmDialog
      title={`Remove ${cardName(card)}?`}
      confirm="Remove card"
      keep="Keep it"
      destructive
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Text size="sm">
        Payments that are on their way with it go on. {whatPaysThen(card, others)} To use this card again, its number is
        needed.
      </Text>
    </ConfirmDialog>
  );
}

function whatPaysThen(card: Card, [newest]: Card[]): string {
  if (!card.default) return "";
  return newest
    ? `${cardName(newest)} is the default then.`
    : "It is the only card: nothing can be bought automatically until there is another.";
}
