/* Lawyers, restaurants, garages, hotels, insurers, a food bank, and the agency's own lines. */
#include "cli/demo/story.h"

/* clang-format off */

static const struct demo_topic law_inbound[] = {
    { 18, "Consultation booked", 1150, MOOD_EVEN,
      SAYS("New matter: {service}. Conflict check clear, consultation with {staff} on {day}, fee of {amount}.",
           "{name} was referred by a former client. Intake for {service} taken, consultation on {day}.",
           "Served with papers yesterday; {service}. Moved up to {day} at {time}.") },
    { 11, "Message taken", 820, MOOD_EVEN,
      SAYS("{name} asks {staff} about the next hearing. Message with a call-back time of {time}.",
           "Opposing counsel for {service}; message taken word for word.") },
    { 8, "Status update", 700, MOOD_EVEN,
      SAYS("Filing went out this week; told {first} what happens next.",
           "Confirmed that the documents of {name} have arrived.") },
    { 5, "Not a fit", 640, MOOD_EVEN,
      SAYS("Criminal matter; gave the number of the bar's referral service.",
           "Out of state; referred elsewhere.") },
    { 4, "Urgent", 1300, MOOD_UPSET, SAYS("Children were not returned as ordered. Reached {staff} at once.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic law_outbound[] = {
    { 9, "Confirmed", 420, MOOD_EVEN,
      SAYS("{name} confirmed the consultation on {day} at {time}.", "Confirmed; parking explained.") },
    { 7, "Documents promised", 620, MOOD_EVEN,
      SAYS("{first} uploads the tax returns by {day}.", "Still waits for the bank; asked again for {day}.") },
    { 3, "Rescheduled", 560, MOOD_EVEN, SAYS("Consultation of {name} moved to {day} at {time}.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_law = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = law_inbound, .outbound = law_outbound,
    .services = SAYS("custody", "divorce", "adoption", "a prenuptial agreement", "child support", "guardianship"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic restaurant_inbound[] = {
    { 38, "Table booked", 900, MOOD_HAPPY,
      SAYS("Table for {count} on {day} at {time} under {name}.",
           "{name}, party of {count}, {day} at {time}, high chair needed.",
           "Birthday dinner for {count} on {day}; candle on the dessert. Booked {time}.",
           "{first} asked for the window; noted, {day} at {time} for {count}.",
           "Fully booked at {time}; {name} took 45 minutes later for {count}.") },
    { 11, "Takeout order", 1300, MOOD_HAPPY,
      SAYS("Pickup order for {name}, {amount}, ready in 25 minutes. Read back and confirmed.",
           "{service} and two more dishes to go; {amount}, paid by link.") },
    { 10, "Booking changed", 640, MOOD_EVEN,
      SAYS("{name} is now {count} people; same time on {day}.", "Moved from {day} to the day after, {time}.") },
    { 9, "Question answered", 520, MOOD_HAPPY,
      SAYS("Asked whether the {service} is gluten-free.", "Yes to dogs on the terrace; kitchen closes at ten.",
           "Gave the corkage fee and the dress code.") },
    { 5, "Booking canceled", 420, MOOD_EVEN, SAYS("{name} canceled the table for {count} on {day}.") },
    { 3, "Private event", 1500, MOOD_HAPPY,
      SAYS("Rehearsal dinner in spring, about thirty guests. Menu sent, {staff} calls back.") },
    { 2, "Complaint", 1200, MOOD_UPSET,
      SAYS("The {service} arrived cold last night. Apologized; {staff} to call {name}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic restaurant_outbound[] = {
    { 12, "Confirmed", 500, MOOD_HAPPY,
      SAYS("{name} confirmed {count} for {time}.", "Confirmed; one vegan at the table.") },
    { 3, "Booking canceled", 480, MOOD_EVEN, SAYS("{first} is ill; table for {count} released.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_restaurant = {
    .weekdays = demo_week_restaurant, .hours = demo_hours_restaurant, .weekend_hours = demo_hours_restaurant,
    .inbound = restaurant_inbound, .outbound = restaurant_outbound,
    .services = SAYS("tasting menu", "lasagna", "saffron rice", "sea bass", "lamb shank", "tiramisu"),
    .times = demo_times_evening, .amounts = demo_amounts_small,
};

static const struct demo_topic auto_inbound[] = {
    { 20, "Service booked", 1000, MOOD_EVEN,
      SAYS("{name} brings the car in for {service} on {day} at {time}.",
           "{service}, waits for it; {day} at {time}.") },
    { 11, "Status update", 600, MOOD_EVEN,
      SAYS("Car of {name} is ready, {amount}.", "Waiting for the part; {staff} expects it on {day}.") },
    { 8, "Quote given", 1100, MOOD_EVEN,
      SAYS("Quoted {amount} for {service}; {first} thinks about it.",
           "Second opinion on {service}; inspection on {day}.") },
    { 5, "Tow arranged", 900, MOOD_UPSET,
      SAYS("Broke down on the way to work. Tow truck sent, space kept for today.") },
    { 3, "Complaint", 1250, MOOD_UPSET,
      SAYS("The noise is back after {service}. {staff} looks at it again on {day}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic auto_outbound[] = {
    { 12, "Customer informed", 480, MOOD_HAPPY,
      SAYS("Told {name} that the car is ready, {amount}.", "Ready after {time}; key in the drop box.") },
    { 6, "Work approved", 820, MOOD_EVEN,
      SAYS("{first} approves {service} for {amount}.", "Approved the brakes, declined the rest.") },
    { 4, "Service booked", 700, MOOD_HAPPY, SAYS("Oil change due; booked {day} at {time}.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_auto = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = auto_inbound, .outbound = auto_outbound,
    .services = SAYS("an oil change", "new brakes", "the check-engine light", "state inspection", "a timing belt",
                     "tire rotation", "an AC recharge"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic hotel_inbound[] = {
    { 20, "Room booked", 1250, MOOD_HAPPY,
      SAYS("{name} booked a {service} for two nights from {day}, {amount} a night.",
           "Anniversary stay, {service}; flowers requested for {day}.") },
    { 12, "Guest request", 520, MOOD_EVEN,
      SAYS("Extra towels and a late checkout at {time}.", "Taxi to the station at {time}; ordered.",
           "Noise from the hallway; {staff} went up.") },
    { 10, "Question answered", 620, MOOD_HAPPY,
      SAYS("Breakfast until half past ten; parking is {amount} a night.",
           "Pets up to forty pounds are welcome in the {service}.") },
    { 7, "Booking changed", 820, MOOD_EVEN,
      SAYS("{name} arrives on {day} instead.", "Added a third night to the {service}.") },
    { 5, "Booking canceled", 640, MOOD_EVEN, SAYS("Flight canceled; {name} rebooks later, no fee.") },
    { 3, "Group inquiry", 1700, MOOD_HAPPY,
      SAYS("Wedding block of rooms for next summer. Details for {staff}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic hotel_outbound[] = {
    { 10, "Arrival confirmed", 480, MOOD_HAPPY,
      SAYS("{name} arrives at {time}; needs a crib.", "Arrives late; door code sent.") },
    { 3, "Booking changed", 640, MOOD_EVEN, SAYS("{first} stays one night less.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_hotel = {
    .weekdays = demo_week_hotel, .hours = demo_hours_hotel, .weekend_hours = demo_hours_hotel,
    .is_round_the_clock = true, .inbound = hotel_inbound, .outbound = hotel_outbound,
    .services = SAYS("king room", "suite with a view", "twin room", "garden cottage"),
    .times = demo_times_evening, .amounts = demo_amounts_small,
};

static const struct demo_topic insurance_inbound[] = {
    { 18, "Claim opened", 1450, MOOD_UPSET,
      SAYS("{name} was rear-ended at a light near {street}. Claim opened, photos requested by text.",
           "Hail damage to the {service}. First notice taken, adjuster by {day}.",
           "Water damage at {street}. Claim opened; asked to keep receipts.") },
    { 14, "Policy question", 1000, MOOD_EVEN,
      SAYS("Asked whether the {service} policy covers a rental car.",
           "Deductible is {amount}; sent the declarations page.") },
    { 9, "Payment taken", 760, MOOD_EVEN,
      SAYS("{name} pays the {amount} premium by secure link.", "Payment date moved to {day}.") },
    { 7, "Status update", 640, MOOD_EVEN,
      SAYS("Adjuster's report is in; payment within five days.",
           "Still missing the police report; told {first}.") },
    { 5, "Quote requested", 1250, MOOD_HAPPY,
      SAYS("New {service} policy; data taken, {staff} sends the quote by {day}.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic insurance_outbound[] = {
    { 10, "Renewed", 820, MOOD_HAPPY,
      SAYS("{name} renews the {service} policy at {amount} a month.",
           "Renewal confirmed, paperless from now on.") },
    { 8, "Documents promised", 560, MOOD_EVEN,
      SAYS("{first} sends the photos by {day}.", "Police report is on its way.") },
    { 6, "Shopping around", 720, MOOD_EVEN, SAYS("Compares prices; {staff} to call with a discount.") },
    { 3, "Not renewing", 480, MOOD_UPSET, SAYS("Found it cheaper; policy ends on {day}.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_insurance = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = insurance_inbound, .outbound = insurance_outbound,
    .services = SAYS("auto", "home", "renters", "umbrella", "boat"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic charity_inbound[] = {
    { 18, "Pickup scheduled", 820, MOOD_HAPPY,
      SAYS("Family of {count}; pickup on {day} at {time}, no questions asked.",
           "{first} needs diapers too; noted for {day}.") },
    { 9, "Volunteer signed up", 900, MOOD_HAPPY,
      SAYS("{name} takes the {service} shift on {day}.",
           "Church group of {count} for {day}; {staff} confirms.") },
    { 7, "Question answered", 620, MOOD_EVEN,
      SAYS("Hours for {day} and what to bring.", "Nearest pantry to {street} given.") },
    { 5, "Donation offered", 760, MOOD_HAPPY,
      SAYS("Grocery store offers two pallets; {staff} arranges the truck.",
           "Gift of {amount}; receipt by mail.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic charity_outbound[] = {
    { 12, "Shift confirmed", 480, MOOD_HAPPY,
      SAYS("{name} is in for {service} on {day}.", "{first} brings a friend.") },
    { 4, "Shift released", 420, MOOD_EVEN, SAYS("Cannot come on {day}; spot reopened.") },
    { 4, "Pledge", 700, MOOD_HAPPY, SAYS("Pledged {amount} to the holiday drive.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_charity = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = charity_inbound, .outbound = charity_outbound,
    .services = SAYS("sorting", "delivery", "front desk", "kitchen"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};

static const struct demo_topic reseller_inbound[] = {
    { 12, "Demo booked", 1250, MOOD_HAPPY,
      SAYS("{name} runs a business for {service} and wants a demo on {day} at {time}.",
           "Saw a client's agent and wants the same; {staff} calls on {day}.") },
    { 8, "Support request", 900, MOOD_EVEN,
      SAYS("Client asks to change the greeting for the holidays; ticket for {staff}.",
           "Wants a second number; added to the list for {day}.") },
    { 5, "Billing question", 760, MOOD_EVEN,
      SAYS("How many minutes are left? Pointed {first} to the balance page.") },
    DEMO_TOPICS_END,
};

static const struct demo_topic reseller_outbound[] = {
    { 8, "Demo booked", 1100, MOOD_HAPPY, SAYS("Came to the webinar; demo with {staff} on {day} at {time}.") },
    { 8, "Follow up later", 560, MOOD_EVEN, SAYS("{name} decides with a partner; call on {day}.") },
    { 5, "Not interested", 320, MOOD_EVEN, SAYS("Went with an in-house team.") },
    DEMO_TOPICS_END,
};

const struct demo_trade demo_reseller = {
    .weekdays = demo_week_office, .hours = demo_hours_office, .weekend_hours = demo_hours_weekend,
    .inbound = reseller_inbound, .outbound = reseller_outbound,
    .services = SAYS("pool cleaning", "accounting", "pest control", "event catering", "tutoring", "moving"),
    .times = demo_times_office, .amounts = demo_amounts_small,
};
/* clang-format on */
