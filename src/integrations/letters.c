#include "integrations/letters.h"

#include "base/decimal.h"
#include "domain/accounts.h"

#include <assert.h>

/* Of an invitation, by name; the rest is counted. */
enum { ACCOUNTS_NAMED_MAX = 20 };

static const char colour_default[] = "#1c7ed6";

/* What a letter is composed in. */
struct desk {
    struct arena *arena;
    const struct mail_facts *facts;
    struct letter *letter;
};

static struct str say(const struct desk *desk, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line, whatever a name holds: control characters become blanks. */
static struct str say(const struct desk *desk, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str said = str_format_v(desk->arena, format, args);
    va_end(args);
    struct buffer out = buffer_new(desk->arena, said.len + 1);
    for (size_t i = 0; i < said.len; i++) {
        unsigned char c = (unsigned char)said.at[i];
        buffer_add_byte(&out, c < ' ' || c == 0x7F ? ' ' : said.at[i]);
    }
    return buffer_str(&out);
}

static void add(const struct desk *desk, enum letter_part_kind kind, struct str text,
                struct str url)
{
    struct letter *letter = desk->letter;

    assert(letter->n < LETTER_PARTS_MAX);
    letter->parts[letter->n++] = (struct letter_part){ kind, text, url };
}

static void paragraph(const struct desk *desk, struct str text)
{
    add(desk, LETTER_PARAGRAPH, text, STR_NONE);
}

static void note(const struct desk *desk, struct str text)
{
    add(desk, LETTER_NOTE, text, STR_NONE);
}

/* The console's page with the token in the fragment, which no server on the way gets to see. */
static void button_with_token(const struct desk *desk, struct str text)
{
    const struct mail_facts *facts = desk->facts;

    desk->letter->link = say(desk, "%.*s%s#token=%.*s", STR_ARG(facts->origin),
                             mail_link_page(facts->template), STR_ARG(facts->token));
    add(desk, LETTER_BUTTON, text, desk->letter->link);
}

static void way_to(const struct desk *desk, enum letter_part_kind kind, struct str text,
                   const char *page)
{
    add(desk, kind, text, say(desk, "%.*s%s", STR_ARG(desk->facts->origin), page));
}

/* "Thursday, 27 November 2026, 14:05 (Europe/Berlin)" */
static struct str moment(const struct desk *desk, instant_t at)
{
    static const char *const days[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday" };
    static const char *const months[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    const struct zone *zone = desk->facts->zone;
    struct date date = zone_date(zone, at);
    struct clock_time time = zone_time(zone, at);
    struct str name = zone_name(zone);

    /* 1970-01-01 was a Thursday. */
    return say(desk, "%s, %d %s %d, %02d:%02d (%.*s)", days[(date_to_days(date) + 4) % 7],
               (int)date.day, months[date.month - 1], (int)date.year, (int)time.hour,
               (int)time.minute, STR_ARG(name));
}

static struct str named_or(struct str name, struct str otherwise)
{
    return str_is_absent(name) ? otherwise : name;
}

static struct str agency(const struct desk *desk)
{
    return desk->facts->agency_name;
}

/* --- each template's words --- */

static const struct {
    const char *name, *scope;
} role_words[ROLE_COUNT] = {
    [ROLE_AGENCY_OWNER] = { "Agency Owner", NULL },
    [ROLE_AGENCY_ADMIN] = { "Agency Admin", NULL },
    [ROLE_AGENCY_MEMBER] = { "Agency Member", "Beside the agency's own workspace you enter" },
    [ROLE_SUBACCOUNT_ADMIN] = { "Sub-account Admin", "You manage" },
    [ROLE_SUBACCOUNT_MEMBER] = { "Sub-account Member", "You see" },
};

/* "Harbor Dental, Northside Plumbing and 3 more sub-accounts" */
static struct str reach(const struct desk *desk)
{
    const struct mail_facts *facts = desk->facts;
    struct buffer out = buffer_new(desk->arena, 256);
    size_t shown = facts->n_accounts < ACCOUNTS_NAMED_MAX ? facts->n_accounts : ACCOUNTS_NAMED_MAX;

    if (facts->reaches_all) return STR("every sub-account");
    for (size_t i = 0; i < shown; i++) {
        if (i > 0) buffer_add_c(&out, i + 1 == facts->n_accounts ? " and " : ", ");
        buffer_add(&out, facts->accounts[i]);
    }
    if (shown < facts->n_accounts)
        buffer_add_format(&out, " and %zu more sub-accounts", facts->n_accounts - shown);
    return buffer_str(&out);
}

static void invitation(const struct desk *desk)
{
    const struct mail_facts *facts = desk->facts;
    const char *role = role_words[facts->role].name, *scope = role_words[facts->role].scope;
    struct str until = moment(desk, facts->expires_at);
    struct str inviter = str_is_absent(facts->by)
        ? STR("You are invited")
        : say(desk, "%.*s invites you", STR_ARG(facts->by));

    desk->letter->subject = say(desk, "%.*s to %.*s", STR_ARG(inviter), STR_ARG(agency(desk)));
    paragraph(desk, STR("Hello,"));
    paragraph(desk,
              say(desk, "%.*s to join %.*s as %s.", STR_ARG(inviter), STR_ARG(agency(desk)), role));
    if (scope != NULL && (facts->reaches_all || facts->n_accounts > 0)) {
        struct str places = reach(desk);
        paragraph(desk, say(desk, "%s %.*s.", scope, STR_ARG(places)));
    }
    button_with_token(desk, STR("Accept the invitation"));
    note(desk, say(desk, "The link works once, until %.*s.", STR_ARG(until)));
    note(desk, STR("If you did not expect this, you need not do anything."));
}

static void greet(const struct desk *desk)
{
    struct str name = desk->facts->name;

    paragraph(desk, str_is_absent(name) ? STR("Hello,") : say(desk, "Hello %.*s,", STR_ARG(name)));
}

static void password_reset(const struct desk *desk)
{
    struct str until = moment(desk, desk->facts->expires_at);

    desk->letter->subject = say(desk, "Set a new password for %.*s", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(desk,
              say(desk,
                  "Somebody, we hope you, asked to set a new password for your account at %.*s.",
                  STR_ARG(agency(desk))));
    button_with_token(desk, STR("Set a new password"));
    note(desk, say(desk, "The link works once, until %.*s.", STR_ARG(until)));
    note(desk, STR("If it was not you, you need not do anything: your password stays as it is."));
}

/* What every mail about one's own account ends with. */
static void if_not_you(const struct desk *desk)
{
    note(desk, STR("If it was not you, set a new password at once and tell your agency."));
    way_to(desk, LETTER_LINK, STR("Set a new password"), "/forgot");
}

static void password_changed(const struct desk *desk)
{
    struct str when = moment(desk, desk->facts->happened_at);

    desk->letter->subject = say(desk, "Your password at %.*s was changed", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(desk,
              say(desk, "The password of your account at %.*s was changed on %.*s.",
                  STR_ARG(agency(desk)), STR_ARG(when)));
    if_not_you(desk);
}

static void email_change_confirm(const struct desk *desk)
{
    struct str until = moment(desk, desk->facts->expires_at);

    desk->letter->subject = say(desk, "Confirm your new address at %.*s", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(desk,
              say(desk, "You asked to sign in at %.*s with this address from now on.",
                  STR_ARG(agency(desk))));
    button_with_token(desk, STR("Confirm this address"));
    note(desk, say(desk, "The link works once, until %.*s.", STR_ARG(until)));
    note(desk, STR("If it was not you, you need not do anything: nothing changes."));
}

static void email_change_notice(const struct desk *desk)
{
    struct str to = named_or(desk->facts->detail, STR("another one"));
    struct str when = moment(desk, desk->facts->happened_at);
    struct str until = moment(desk, desk->facts->expires_at);

    desk->letter->subject =
        say(desk, "Your sign-in address at %.*s is changing", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(
        desk,
        say(desk,
            "On %.*s somebody, we hope you, asked to change the address with which you sign in"
            " at %.*s to %.*s.",
            STR_ARG(when), STR_ARG(agency(desk)), STR_ARG(to)));
    paragraph(desk, STR("It changes once you have confirmed it here and at the new address."));
    button_with_token(desk, STR("Confirm the change"));
    note(desk, say(desk, "The link works once, until %.*s.", STR_ARG(until)));
    if_not_you(desk);
}

static void new_device(const struct desk *desk)
{
    struct str device = named_or(desk->facts->detail, STR("a device that was not used before"));
    struct str when = moment(desk, desk->facts->happened_at);

    desk->letter->subject = say(desk, "New sign-in at %.*s", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(desk,
              say(desk, "Your account at %.*s was signed in to from %.*s, on %.*s.",
                  STR_ARG(agency(desk)), STR_ARG(device), STR_ARG(when)));
    if_not_you(desk);
}

/* One mail to each of the two: `about` is the new owner. */
static void ownership_transferred(const struct desk *desk)
{
    const struct mail_facts *facts = desk->facts;
    struct str by = named_or(facts->by, STR("The owner before you"));
    struct str heir = named_or(facts->about, STR("Somebody else"));
    struct str when = moment(desk, facts->happened_at);

    greet(desk);
    if (facts->is_about_recipient) {
        desk->letter->subject = say(desk, "You are now the owner of %.*s", STR_ARG(agency(desk)));
        paragraph(desk,
                  say(desk, "%.*s handed %.*s over to you on %.*s. You are its owner now.",
                      STR_ARG(by), STR_ARG(agency(desk)), STR_ARG(when)));
    } else {
        desk->letter->subject =
            say(desk, "%.*s is now the owner of %.*s", STR_ARG(heir), STR_ARG(agency(desk)));
        paragraph(desk,
                  say(desk, "You handed %.*s over to %.*s on %.*s. You stay as Agency Admin.",
                      STR_ARG(agency(desk)), STR_ARG(heir), STR_ARG(when)));
        note(desk, STR("If it was not you, write to whoever runs this service at once."));
    }
    way_to(desk, LETTER_BUTTON, say(desk, "Open %.*s", STR_ARG(agency(desk))), "/");
}

static void two_factor_changed(const struct desk *desk)
{
    struct str what = named_or(desk->facts->detail, STR("changed"));
    struct str when = moment(desk, desk->facts->happened_at);

    desk->letter->subject =
        say(desk, "Two-factor sign-in at %.*s was %.*s", STR_ARG(agency(desk)), STR_ARG(what));
    greet(desk);
    paragraph(desk,
              say(desk, "The two-factor sign-in of your account at %.*s was %.*s on %.*s.",
                  STR_ARG(agency(desk)), STR_ARG(what), STR_ARG(when)));
    if_not_you(desk);
}

static void agency_deleting(const struct desk *desk)
{
    const struct mail_facts *facts = desk->facts;
    struct str by = named_or(facts->by, STR("Somebody"));
    struct str when =
        moment(desk, facts->due_at != INSTANT_NONE ? facts->due_at : facts->happened_at);

    desk->letter->subject = say(desk, "%.*s will be deleted", STR_ARG(agency(desk)));
    greet(desk);
    paragraph(desk,
              say(desk, "%.*s asked for %.*s to be deleted. Its calls are not served any more.",
                  STR_ARG(by), STR_ARG(agency(desk))));
    paragraph(
        desk,
        say(desk,
            "Its data will be removed on %.*s. Until then its owner can take that back, and what"
            " you need can be exported.",
            STR_ARG(when)));
    way_to(desk, LETTER_BUTTON, say(desk, "Open %.*s", STR_ARG(agency(desk))), "/");
}

/* What processors and rules call a failure, in words. */
static struct str failure_words(struct str code)
{
    static const struct {
        const char *code, *words;
    } rows[] = {
        { "card_declined", "the card was declined" },
        { "insufficient_funds", "the card had not enough money" },
        { "expired_card", "the card has expired" },
        { "action_required", "the bank wanted a confirmation, and nobody was there to give it" },
        { "canceled", "the purchase was called off" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (str_equal_c(code, rows[i].code)) return str_from_c(rows[i].words);
    }
    return named_or(code, STR("the payment failed"));
}

static struct str account(const struct desk *desk)
{
    return named_or(desk->facts->about, STR("a sub-account"));
}

static void purchase_waiting(const struct desk *desk)
{
    struct str name = account(desk);
    struct str what = named_or(desk->facts->detail, STR("a purchase"));

    desk->letter->subject = say(desk, "%.*s: a purchase for %.*s waits to be paid",
                                STR_ARG(agency(desk)), STR_ARG(name));
    greet(desk);
    paragraph(desk,
              say(desk, "%.*s: %.*s. There is no card to charge, so it waits for you.",
                  STR_ARG(name), STR_ARG(what)));
    paragraph(desk,
              STR("Once the money is there, mark the purchase paid: the minutes are added"
                  " then, and not before."));
    way_to(desk, LETTER_BUTTON, say(desk, "Open %.*s", STR_ARG(agency(desk))), "/subaccounts");
}

static void auto_recharge_off(const struct desk *desk)
{
    struct str name = account(desk);
    struct str why = failure_words(desk->facts->detail);

    desk->letter->subject =
        say(desk, "%.*s: auto-recharge of %.*s is off", STR_ARG(agency(desk)), STR_ARG(name));
    greet(desk);
    paragraph(desk,
              say(desk,
                  "%.*s buys no minutes by itself any more: four payments in a row failed, the"
                  " last one because %.*s.",
                  STR_ARG(name), STR_ARG(why)));
    paragraph(desk,
              STR("When its wallet is empty, its calls are refused. Turning auto-recharge on"
                  " again tries at once."));
    way_to(desk, LETTER_BUTTON, say(desk, "Open %.*s", STR_ARG(agency(desk))), "/subaccounts");
}

static void allocation_past_due(const struct desk *desk)
{
    struct str name = account(desk);
    struct str why = failure_words(desk->facts->detail);

    desk->letter->subject = say(desk, "%.*s: the monthly minutes of %.*s are past due",
                                STR_ARG(agency(desk)), STR_ARG(name));
    greet(desk);
    paragraph(desk,
              say(desk,
                  "The minutes that you buy for %.*s every month were not paid in four tries, the"
                  " last one because %.*s. None were granted.",
                  STR_ARG(name), STR_ARG(why)));
    paragraph(desk,
              STR("The next month is tried as ever. Until one is paid, the account is named"
                  " among those that need you."));
    way_to(desk, LETTER_BUTTON, say(desk, "Open %.*s", STR_ARG(agency(desk))), "/subaccounts");
}

static void payout_kept(const struct desk *desk)
{
    struct str amount = micros_format(desk->arena, desk->facts->amount);
    struct str next = moment(desk, desk->facts->due_at);

    desk->letter->subject =
        say(desk, "%.*s: %.*s USD could not be paid out", STR_ARG(agency(desk)), STR_ARG(amount));
    greet(desk);
    paragraph(desk,
              say(desk,
                  "At its renewal %.*s had %.*s USD of profit to be paid out, and no payout account"
                  " is connected. The money stays yours and where it is.",
                  STR_ARG(agency(desk)), STR_ARG(amount)));
    paragraph(desk,
              say(desk,
                  "Ask whoever runs this service to connect one. What is payable then is paid out"
                  " at the next renewal, on %.*s.",
                  STR_ARG(next)));
    way_to(desk, LETTER_BUTTON, STR("Profits & payouts"), "/profits");
}

static void payout_failed(const struct desk *desk)
{
    struct str amount = micros_format(desk->arena, desk->facts->amount);
    struct str why = named_or(desk->facts->detail, STR("no reason was given"));

    desk->letter->subject =
        say(desk, "%.*s: a payout of %.*s USD failed", STR_ARG(agency(desk)), STR_ARG(amount));
    greet(desk);
    paragraph(desk,
              say(desk, "A payout of %.*s USD to %.*s did not arrive: %.*s", STR_ARG(amount),
                  STR_ARG(agency(desk)), STR_ARG(why)));
    paragraph(desk,
              STR("The money is profit again, and is part of the payout of the next renewal"
                  " that makes one."));
    way_to(desk, LETTER_BUTTON, STR("Profits & payouts"), "/profits");
}

static void (*const composers[MAIL_TEMPLATE_COUNT])(const struct desk *desk) = {
    [MAIL_INVITATION] = invitation,
    [MAIL_PASSWORD_RESET] = password_reset,
    [MAIL_PASSWORD_CHANGED] = password_changed,
    [MAIL_EMAIL_CHANGE_CONFIRM] = email_change_confirm,
    [MAIL_EMAIL_CHANGE_NOTICE] = email_change_notice,
    [MAIL_NEW_DEVICE] = new_device,
    [MAIL_OWNERSHIP_TRANSFERRED] = ownership_transferred,
    [MAIL_TWO_FACTOR_CHANGED] = two_factor_changed,
    [MAIL_AGENCY_DELETING] = agency_deleting,
    [MAIL_PURCHASE_WAITING] = purchase_waiting,
    [MAIL_AUTO_RECHARGE_OFF] = auto_recharge_off,
    [MAIL_ALLOCATION_PAST_DUE] = allocation_past_due,
    [MAIL_PAYOUT_KEPT] = payout_kept,
    [MAIL_PAYOUT_FAILED] = payout_failed,
};

void letter_compose(struct arena *arena, const struct mail_facts *facts, struct letter *out)
{
    bool is_colour = !str_is_absent(facts->colour) && colour_is_valid(facts->colour);

    *out = (struct letter){ .colour = is_colour ? facts->colour : str_from_c(colour_default) };
    const struct desk desk = { arena, facts, out };
    out->sender = say(&desk, "%.*s", STR_ARG(facts->agency_name));
    composers[facts->template](&desk);
}

static struct str sample_detail(enum mail_template template)
{
    switch ((int)template) {
    case MAIL_EMAIL_CHANGE_NOTICE: return STR("grace.hopper@example.com");
    case MAIL_NEW_DEVICE: return STR("Firefox on Linux, address 203.0.113.7");
    case MAIL_TWO_FACTOR_CHANGED: return STR("turned on");
    case MAIL_PURCHASE_WAITING: return STR("50.00 USD of its auto-recharge");
    case MAIL_AUTO_RECHARGE_OFF:
    case MAIL_ALLOCATION_PAST_DUE: return STR("card_declined");
    case MAIL_PAYOUT_FAILED: return STR("the bank sent it back");
    default: return STR_NONE;
    }
}

static bool is_about_an_account(enum mail_template template)
{
    return template == MAIL_PURCHASE_WAITING || template == MAIL_AUTO_RECHARGE_OFF
        || template == MAIL_ALLOCATION_PAST_DUE;
}

struct mail_facts letter_sample(struct arena *arena, enum mail_template template, instant_t now)
{
    struct str *accounts = ARENA_ARRAY(arena, struct str, 2);

    accounts[0] = STR("Harbor Dental");
    accounts[1] = STR("Northside Plumbing");
    return (struct mail_facts){
        .template = template,
        .address = STR("grace@example.com"),
        .name = template == MAIL_INVITATION ? STR_NONE : STR("Grace Hopper"),
        .agency_name = STR("Northwind Voice"),
        .colour = STR("#0b7285"),
        .zone = zone_find(STR("Europe/Berlin")),
        .origin = STR("https://minutes.example.com"),
        .token = STR("c2FtcGxlLXNhbXBsZS1zYW1wbGUtc2FtcGxlLXNhbX"),
        .expires_at = now + 7 * MICROS_PER_DAY,
        .happened_at = now,
        .due_at = now + 14 * MICROS_PER_DAY,
        .by = STR("Ada Lovelace"),
        .about = is_about_an_account(template) ? STR("Harbor Dental") : STR("Grace Hopper"),
        .is_about_recipient = true,
        .detail = sample_detail(template),
        .amount = 150 * MICROS_PER_USD,
        .role = ROLE_SUBACCOUNT_ADMIN,
        .accounts = accounts,
        .n_accounts = 2,
    };
}
