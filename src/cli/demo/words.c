/* What every kind of business shares: the shapes of weeks and days, people and places, calls that are
   nobody's trade. */
#include "cli/demo/story.h"

/* clang-format off */

/*                                                      Sun   Mon   Tue   Wed   Thu   Fri   Sat */
const uint16_t demo_week_office[DAYS_A_WEEK]     = {     60, 1120, 1050, 1000,  980,  850,  140 };
const uint16_t demo_week_clinic[DAYS_A_WEEK]     = {     40, 1260, 1080,  990,  960,  830,  120 };
const uint16_t demo_week_homes[DAYS_A_WEEK]      = {    420, 1180, 1020,  980,  990,  960,  700 };
const uint16_t demo_week_realty[DAYS_A_WEEK]     = {    620,  940,  900,  930,  980, 1040, 1100 };
const uint16_t demo_week_restaurant[DAYS_A_WEEK] = {   1080,  560,  660,  760,  950, 1480, 1560 };
const uint16_t demo_week_leisure[DAYS_A_WEEK]    = {    380, 1120, 1000,  980,  960,  900,  820 };
const uint16_t demo_week_hotel[DAYS_A_WEEK]      = {    920,  860,  880,  920, 1020, 1240, 1160 };

/* From midnight to midnight. */
const uint16_t demo_hours_office[HOURS_A_DAY] =
    { 0, 0, 0, 0, 0, 0, 1, 6, 34, 62, 70, 64, 40, 46, 58, 60, 52, 30, 12, 6, 3, 1, 0, 0 };
const uint16_t demo_hours_clinic[HOURS_A_DAY] =
    { 0, 0, 0, 0, 0, 0, 2, 18, 90, 84, 70, 56, 34, 42, 52, 50, 40, 20, 6, 3, 1, 1, 0, 0 };
const uint16_t demo_hours_homes[HOURS_A_DAY] =
    { 6, 4, 3, 3, 4, 9, 20, 44, 70, 66, 58, 50, 44, 46, 50, 52, 54, 48, 40, 32, 26, 20, 13, 8 };
const uint16_t demo_hours_restaurant[HOURS_A_DAY] =
    { 1, 0, 0, 0, 0, 0, 0, 0, 3, 8, 20, 44, 52, 34, 28, 40, 66, 90, 96, 70, 40, 20, 10, 4 };
const uint16_t demo_hours_evening[HOURS_A_DAY] =
    { 0, 0, 0, 0, 1, 6, 14, 16, 18, 26, 30, 28, 28, 22, 22, 28, 40, 54, 48, 30, 14, 5, 1, 0 };
const uint16_t demo_hours_hotel[HOURS_A_DAY] =
    { 10, 7, 5, 4, 5, 8, 16, 28, 44, 52, 56, 54, 48, 50, 60, 64, 62, 58, 50, 46, 40, 34, 26, 16 };
const uint16_t demo_hours_weekend[HOURS_A_DAY] =
    { 0, 0, 0, 0, 0, 0, 0, 2, 10, 18, 24, 24, 20, 18, 16, 14, 12, 9, 6, 4, 2, 1, 0, 0 };
const uint16_t demo_hours_outbound[HOURS_A_DAY] =
    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 62, 60, 30, 44, 58, 60, 54, 40, 18, 0, 0, 0, 0, 0 };

const char *const demo_mood_names[MOODS] = { "positive", "neutral", "negative" };
const uint16_t demo_moods[][MOODS] = {
    [MOOD_HAPPY] = { 58, 40, 2 },
    [MOOD_EVEN]  = { 22, 69, 9 },
    [MOOD_UPSET] = { 0, 39, 61 },
    [MOOD_NONE]  = { 0, 1, 0 },
};

const struct demo_topic demo_transfers[] = {
    { 6, "Transferred to staff", 450, MOOD_EVEN,
      SAYS("{name} asked for {staff} by name. Took the reason for the call and transferred.",
           "Transferred {name} to {staff} after two questions that the agent may not answer.",
           "{name} wanted to speak to a person. Handed over to {staff} with a one-line summary.",
           "Returning a missed call from {staff}; put {name} through.") },
    { 2, "Escalated", 620, MOOD_UPSET,
      SAYS("{name} was unhappy about an earlier visit and asked for a manager. Transferred to {staff}.",
           "Complaint about a bill of {amount}. Apologized, collected the details, transferred to {staff}.",
           "{first} had called twice already. Transferred to {staff} as urgent.") },
    DEMO_TOPICS_END,
};

const struct demo_topic demo_voicemails[] = {
    { 5, "Left voicemail", 1000, MOOD_EVEN,
      SAYS("Reached {name}'s voicemail and left a message with the number to call back.",
           "Voicemail. Left the reason for the call and asked {first} to call back before {day}.",
           "Mailbox greeting after four rings; left the short message.") },
    { 1, "Mailbox full", 300, MOOD_EVEN, SAYS("{name}'s mailbox is full, so no message was left.") },
    DEMO_TOPICS_END,
};

/* What every line hears now and then. */
const struct demo_topic demo_stray_calls[] = {
    { 5, "Wrong number", 260, MOOD_NONE,
      SAYS("Caller wanted a different business with a similar name. Gave no further help.",
           "Wrong number; the caller apologized and hung up.") },
    { 4, "Sales call", 330, MOOD_NONE,
      SAYS("Vendor pitching online advertising. Declined and asked to be taken off the list.",
           "Unsolicited offer of business financing; ended politely.") },
    { 3, "Caller hung up", 180, MOOD_NONE,
      SAYS("Caller hung up during the greeting.", "Silence on the line, then the caller hung up.") },
    { 2, "Asked for the address", 420, MOOD_HAPPY,
      SAYS("{name} asked for directions and parking; sent the map link by text.",
           "Gave the opening hours for {day} and the address.") },
    DEMO_TOPICS_END,
};

const char *const demo_first_names[] = {
    "Aaliyah", "Adam",   "Alejandra", "Amara",   "Andre",   "Anita",   "Arthur", "Beatriz", "Ben",    "Bridget",
    "Caleb",   "Camila", "Carl",      "Chloe",   "Connor",  "Dalia",   "Daniel", "Deborah", "Derek",  "Diego",
    "Elena",   "Elijah", "Emily",     "Esther",  "Fatima",  "Felix",   "Gail",   "George",  "Gloria", "Hannah",
    "Hiro",    "Ingrid", "Isaac",     "Jada",    "Jasmine", "Jerome",  "Joan",   "Joel",    "Julia",  "Karim",
    "Katie",   "Ken",    "Laila",     "Lamar",   "Leo",     "Linda",   "Lucas",  "Maria",   "Marta",  "Maya",
    "Naomi",   "Nathan", "Olga",      "Omar",    "Patrick", "Paula",   "Quinn",  "Raj",     "Rebecca", "Roberto",
    "Ruth",    "Samir",  "Sarah",     "Sean",    "Shirley", "Tamara",  "Tariq",  "Teresa",  "Trevor", "Vanessa",
    "Victor",  "Wanda",  "Wei",       "William", "Yolanda", "Yusuf",   "Zoe",    NULL,
};

const char *const demo_last_names[] = {
    "Abbott",   "Achebe",  "Alvarez",  "Baker",    "Banerjee", "Barnes",   "Becker",  "Bianchi",  "Brooks",   "Burke",
    "Caldwell", "Castro",  "Chen",     "Coleman",  "Cruz",     "Dawson",   "Delacroix", "Diaz",   "Donovan",  "Ellis",
    "Eriksen",  "Farrell", "Fischer",  "Flores",   "Gallagher", "Garcia",  "Gibson",  "Gupta",    "Hamilton", "Hayes",
    "Hoang",    "Hughes",  "Ibrahim",  "Jensen",   "Johnson",  "Kaplan",   "Kim",     "Kowalski", "Larsen",   "Lopez",
    "Maddox",   "Martin",  "Mbeki",    "McCarthy", "Mendoza",  "Morris",   "Murphy",  "Nakamura", "Nelson",   "Nguyen",
    "Novak",    "O'Brien", "Ortiz",    "Owens",    "Patel",    "Perkins",  "Petrov",  "Quintero", "Ramsey",   "Rossi",
    "Salazar",  "Schmidt", "Shah",     "Silva",    "Sullivan", "Tanaka",   "Thompson", "Torres",  "Vasquez",  "Wallace",
    "Watkins",  "Weber",   "Williams", "Wong",     "Yilmaz",   "Young",    "Zhang",   NULL,
};

const char *const demo_streets[] = {
    "Alder Street", "Birch Lane",    "Canal Road",   "Church Street",  "Depot Avenue", "Elm Court",    "Fairview Drive",
    "Grant Avenue", "Harbor Street", "High Street",  "Juniper Way",    "Lincoln Road", "Meadow Lane",  "Mill Street",
    "Oak Hill Road", "Orchard Lane", "Park Terrace", "Prospect Street", "Quarry Road", "River Street", "Spring Street",
    "Summit Avenue", "Union Street", "Walnut Street", "Willow Court",  NULL,
};

const char *const demo_times_office[] = {
    "8:15 am",  "8:30 am",  "9:00 am", "9:20 am", "9:45 am", "10:00 am", "10:30 am", "10:40 am", "11:00 am", "11:15 am",
    "11:45 am", "12:30 pm", "1:00 pm", "1:30 pm", "2:00 pm", "2:15 pm",  "2:45 pm",  "3:00 pm",  "3:30 pm",  "4:10 pm",
    "4:30 pm",  NULL,
};

const char *const demo_times_evening[] = {
    "12:00", "12:30", "1:00", "5:30", "6:00", "6:15", "6:30", "6:45", "7:00", "7:15", "7:30", "7:45", "8:00",
    "8:30",  "9:00",  NULL,
};

const char *const demo_amounts_small[] = {
    "$18",  "$25",  "$39",  "$45",  "$60",  "$75",  "$84.50", "$95",  "$110", "$129", "$145", "$160",
    "$185", "$210", "$240", "$275", "$310", NULL,
};

const char *const demo_amounts_large[] = {
    "$850",   "$1,150", "$1,400", "$1,850", "$2,200",  "$2,600",  "$3,400", "$4,900",
    "$6,200", "$7,500", "$9,800", "$12,400", "$14,000", "$18,500", NULL,
};
/* clang-format on */
