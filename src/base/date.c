/* Proleptic Gregorian dates (base/zone.h). */
#include "base/zone.h"

/* Days since 1970-01-01 and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". Years start in
   March, so that leap days come last; an era is 400 years. */
int64_t date_to_days(struct date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = date.month + (date.month > 2 ? -3 : 9);
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int32_t month = (int32_t)(month_from_march + (month_from_march < 10 ? 3 : -9));

    return (struct date){
        .year = (int32_t)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int32_t)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
    };
}

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t date_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_is_valid(struct date date)
{
    return date.month >= 1 && date.month <= 12 && date.day >= 1
        && date.day <= date_days_in_month(date.year, date.month);
}

struct date date_add_days(struct date date, int32_t days)
{
    return date_from_days(date_to_days(date) + days);
}

struct date date_add_months(struct date date, int32_t months)
{
    int32_t count = date.year * 12 + date.month - 1 + months;
    int32_t year = (count >= 0 ? count : count - 11) / 12;
    int32_t month = count - year * 12 + 1;
    int32_t last = date_days_in_month(year, month);

    return (struct date){ year, month, date.day < last ? date.day : last };
}

int date_compare(struct date a, struct date b)
{
    int64_t x = date_to_days(a), y = date_to_days(b);

    return (x > y) - (x < y);
}

static bool read_part(struct str text, size_t from, size_t len, int32_t *out)
{
    int64_t number;

    for (size_t i = from; i < from + len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
    }
    if (!str_to_int64(str_sub(text, from, len), &number)) return false;
    *out = (int32_t)number;
    return true;
}

bool date_parse(struct str text, struct date *out)
{
    return text.len == 10 && text.at[4] == '-' && text.at[7] == '-'
        && read_part(text, 0, 4, &out->year) && read_part(text, 5, 2, &out->month)
        && read_part(text, 8, 2, &out->day) && date_is_valid(*out);
}

struct str date_format(struct arena *arena, struct date date)
{
    return str_format(arena, "%04d-%02d-%02d", date.year, date.month, date.day);
}
