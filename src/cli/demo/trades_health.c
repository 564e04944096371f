/* Dentists, clinics, vets, gyms and salons: people with appointments. */
#include "cli/demo/story.h"

/* clang-format off */

static const struct demo_topic dental_inbound[] = {
    { 26, "Appointment booked", 1050, MOOD_HAPPY,
      SAYS("Booked {name} for a {service} with {staff} on {day} at {time}. Confirmation sent by text.",
           "New patient {name} booked a {service} on {day} at {time}; forms go out by email.",
           "{first} wanted the earliest slot. Took {day} at {time} for a {service}.",
           "Booked two children of {name} back to back on {day} from {time}.") },
    { 14, "Rescheduled", 780, MOOD_EVEN,
      SAYS("{name} moved the {service} to {day} at {time} because of work.",
           "Could not make it this week; rescheduled with {staff} for {day} at {time}.") },
    { 6, "Canceled", 560, MOOD_EVEN,
      SAYS("{name} canceled the {service} and will call back when travel is settled.",
           "Canceled for {day}; offered the waiting list, declined.") },
    { 10, "Insurance question", 1250, MOOD_EVEN,
      SAYS("Asked whether the plan covers a {service}. Explained the estimate of {amount}; office to verify benefits.",
           "{name} changed insurers. Took the new member number and flagged it for billing.") },
    { 7, "Urgent: same day", 1180, MOOD_UPSET,
      SAYS("Toothache since last night. Squeezed {name} in with {staff} today.",
           "Broken crown, some pain. Offered the emergency slot at {time}; accepted.",
           "Swelling after a {service}. Gave first-aid advice and notified {staff} at once.") },
    { 7, "Question answered", 620, MOOD_HAPPY,
      SAYS("Asked what to avoid after a {service}. Read out the aftercare sheet and texted the link.",
           "{first} asked about whitening; quoted {amount} and the length of the visit.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic dental_outbound[] = {
    { 10, "Recall booked", 900, MOOD_HAPPY,
      SAYS("{name} was overdue for a {service}. Booked {day} at {time}.",
           "Reached {first} at lunch; happy to come in, booked with {staff} for {day}.") },
    { 9, "Confirmed", 380, MOOD_HAPPY,
      SAYS("{name} confirmed {day} at {time}.",
           "Confirmed the {service} on {day}; reminded about the forms.") },
    { 6, "Will call back", 520, MOOD_EVEN,
      SAYS("{first} has no calendar at hand and will call back.",
           "Interested but wants to check the insurance first.") },
    { 4, "Not interested", 340, MOOD_UPSET,
      SAYS("{name} moved away and asked to be taken off the list.",
           "Goes to another dentist now; marked inactive.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_dental = {
    .weekdays = demo_week_clinic, .hours = demo_hours_clinic, .weekend_hours = demo_hours_weekend,
    .inbound = dental_inbound, .outbound = dental_outbound,
    .services = SAYS("cleaning", "checkup", "crown fitting", "filling", "root canal", "whitening", "night guard",
                     "consultation", "X-ray", "retainer check"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic clinic_inbound[] = {
    { 24, "Appointment booked", 1050, MOOD_HAPPY,
      SAYS("Booked {name} for a {service} with {staff} on {day} at {time}.",
           "{first} needed a {service} before school starts; found {day} at {time}.",
           "New patient. Registered {name}, booked a {service} on {day}, intake forms by text.",
           "Booked a {service} for the caller's mother on {day} at {time}.") },
    { 12, "Rescheduled", 740, MOOD_EVEN,
      SAYS("{name} moved the {service} to {day} at {time}.",
           "Running late; moved from this morning to {time} with {staff}.") },
    { 11, "Prescription refill", 760, MOOD_EVEN,
      SAYS("Refill request from {name}; passed to {staff} with the pharmacy's number.",
           "Pharmacy has no record of the refill. Message left for {staff}, answer promised by {time}.") },
    { 9, "Message taken", 900, MOOD_EVEN,
      SAYS("{name} asked about lab results. Identity checked, message for {staff}.",
           "Question about side effects. Took a message for {staff}; no urgency according to the checklist.",
           "Referral letter has not arrived at the specialist; noted the fax number.") },
    { 6, "Nurse call-back", 1350, MOOD_UPSET,
      SAYS("Fever since yesterday. Triage questions asked; {staff} calls back within the hour.",
           "{first} reported dizziness. Advised not to drive, flagged for a call-back by {staff}.") },
    { 6, "Billing question", 1150, MOOD_UPSET,
      SAYS("Does not understand the charge of {amount}. Explained the deductible; billing to send a statement.",
           "{name} wants to pay {amount} in two parts. Noted for billing.") },
    { 4, "Canceled", 520, MOOD_EVEN, SAYS("{name} feels better and canceled the {service}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic clinic_outbound[] = {
    { 16, "Confirmed", 420, MOOD_HAPPY,
      SAYS("{name} confirmed {day} at {time} with {staff}.", "Confirmed; asked to bring the insurance card.",
           "Confirmed by {first}'s spouse.") },
    { 6, "Rescheduled", 760, MOOD_EVEN, SAYS("{name} cannot come on {day}; moved to {time} the day after.") },
    { 5, "Appointment booked", 960, MOOD_HAPPY,
      SAYS("Due for a {service}; booked {day} at {time}.",
           "{first} had been putting off the {service}; booked with {staff}.") },
    { 3, "Declined", 360, MOOD_EVEN,
      SAYS("Had the {service} at the pharmacy already.", "{name} declined; record updated.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_clinic = {
    .weekdays = demo_week_clinic, .hours = demo_hours_clinic, .weekend_hours = demo_hours_weekend,
    .inbound = clinic_inbound, .outbound = clinic_outbound,
    .services = SAYS("physical", "follow-up", "flu shot", "blood draw", "well visit", "skin check", "sick visit",
                     "new patient visit", "blood pressure check", "sports physical"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic vet_inbound[] = {
    { 24, "Appointment booked", 1000, MOOD_HAPPY,
      SAYS("{name} booked a {service} for the dog on {day} at {time}.",
           "Two cats due for a {service}; booked with {staff} on {day}.",
           "New puppy. First visit and {service} on {day} at {time}.") },
    { 10, "Urgent: same day", 1300, MOOD_UPSET,
      SAYS("Dog ate chocolate an hour ago. Asked for weight and amount, told {name} to come in right away.",
           "Cat has not eaten since yesterday; {staff} sees it today at {time}.",
           "Limping after a walk. Worked in before closing.") },
    { 9, "Prescription refill", 700, MOOD_EVEN,
      SAYS("Refill of heartworm tablets for {name}; ready on {day}, {amount}.",
           "{first} is out of thyroid medication. Message for {staff}.") },
    { 8, "Question answered", 720, MOOD_EVEN,
      SAYS("Asked about fasting before the {service}. Nothing after midnight, water is fine.",
           "Quoted {amount} for a {service} and explained what it includes.") },
    { 6, "Rescheduled", 640, MOOD_EVEN, SAYS("{name} moved the {service} to {day} at {time}.") },
    { 3, "Boarding booked", 820, MOOD_HAPPY, SAYS("Boarding from {day}; vaccination record is on file.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic vet_outbound[] = {
    { 10, "Appointment booked", 820, MOOD_HAPPY,
      SAYS("Vaccines due. {name} booked {day} at {time}.",
           "{first} took the {service} offer, {day} with {staff}.") },
    { 7, "Confirmed", 360, MOOD_HAPPY, SAYS("{name} confirmed {day}.", "Confirmed; will bring a sample.") },
    { 3, "Record updated", 420, MOOD_EVEN,
      SAYS("The pet has passed away; expressed condolences and stopped reminders.",
           "Moved to another town; record sent to the new practice.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_vet = {
    .weekdays = demo_week_leisure, .hours = demo_hours_clinic, .weekend_hours = demo_hours_weekend,
    .inbound = vet_inbound, .outbound = vet_outbound,
    .services = SAYS("checkup", "vaccination", "dental cleaning", "nail trim", "spay surgery", "blood panel",
                     "rabies booster"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic gym_inbound[] = {
    { 16, "Class booked", 820, MOOD_HAPPY,
      SAYS("{name} booked {service} on {day} at {time}.",
           "Waitlisted {first} for {service}; a spot opened, confirmed.") },
    { 12, "Trial booked", 1150, MOOD_HAPPY,
      SAYS("First visit on {day} at {time}; {staff} gives the tour.",
           "Asked about prices. Explained the {amount} plan, booked a free trial of {service}.") },
    { 9, "Membership question", 1050, MOOD_EVEN,
      SAYS("{name} wants to freeze the membership for a month; form sent.",
           "Card on file expired. Texted the secure link to update it.") },
    { 6, "Cancellation request", 1200, MOOD_UPSET,
      SAYS("Wants to cancel after moving. Explained the 30 days' notice; {staff} to follow up.",
           "{first} was charged {amount} after canceling. Escalated to {staff}.") },
    { 5, "Question answered", 520, MOOD_HAPPY,
      SAYS("Holiday hours for {day}.", "Yes, guests may join {service} for {amount}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic gym_outbound[] = {
    { 9, "Coming back", 980, MOOD_HAPPY,
      SAYS("{name} took the win-back offer of {amount}; starts {day}.",
           "Will come to {service} on {day} with a friend.") },
    { 8, "Thinking about it", 700, MOOD_EVEN,
      SAYS("{first} liked the offer, wants it by text.", "Asked to be called after the holidays.") },
    { 9, "Not interested", 380, MOOD_UPSET,
      SAYS("Trains elsewhere now.", "{name} asked to be removed from the list.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_gym = {
    .weekdays = demo_week_leisure, .hours = demo_hours_evening, .weekend_hours = demo_hours_weekend,
    .inbound = gym_inbound, .outbound = gym_outbound,
    .services = SAYS("spin", "strength basics", "yoga flow", "boxing", "personal training", "the 6 am bootcamp",
                     "open gym"),
    .times = demo_times_evening, .amounts = demo_amounts_small,
};

static const struct demo_topic salon_inbound[] = {
    { 26, "Appointment booked", 1000, MOOD_HAPPY,
      SAYS("{service} with {staff} on {day} at {time} for {name}.",
           "{first} is a regular of {staff}; booked the usual {service} for {day}.",
           "Bridal party of {count}; held {day} from {time}, deposit link sent.") },
    { 11, "Rescheduled", 700, MOOD_EVEN,
      SAYS("{name} moved to {day} at {time}, same stylist.", "Stuck in traffic; pushed back to {time}.") },
    { 7, "Question answered", 640, MOOD_HAPPY,
      SAYS("A {service} takes about two hours and costs from {amount}.",
           "Asked for gift cards; sent the link.") },
    { 4, "Canceled", 480, MOOD_EVEN, SAYS("{name} canceled within the notice period, no fee.") },
    { 3, "Complaint", 1200, MOOD_UPSET,
      SAYS("Not happy with the {service}. Offered a free correction with {staff} on {day}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic salon_outbound[] = {
    { 12, "Confirmed", 380, MOOD_HAPPY,
      SAYS("{name} confirmed {time} with {staff}.", "Confirmed, running five minutes late.") },
    { 5, "Appointment booked", 780, MOOD_HAPPY,
      SAYS("Eight weeks since the last {service}; booked {day} at {time}.") },
    { 4, "Will call back", 420, MOOD_EVEN, SAYS("{first} is at work and will book online.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_salon = {
    .weekdays = demo_week_leisure, .hours = demo_hours_evening, .weekend_hours = demo_hours_weekend,
    .inbound = salon_inbound, .outbound = salon_outbound,
    .services = SAYS("Cut and blow-dry", "Balayage", "Color refresh", "Beard trim", "Highlights", "Keratin treatment",
                     "Manicure"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};
/* clang-format on */
