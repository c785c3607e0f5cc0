//! Calendar days in Europe/Paris and instants in UTC.

use crate::erreur::Invalide;
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

/// Europe/Paris, from the bundled database (UTC where a build left it out: a day early at most, never a panic).
fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// The day and the clock in Paris at an instant.
pub fn paris_time(instant: Timestamp) -> DateTime {
    instant.to_zoned(paris()).datetime()
}

/// The calendar day in Paris at an instant.
pub fn paris_day(instant: Timestamp) -> Date {
    paris_time(instant).date()
}

/// The first instant after a calendar day in Paris: when what is valid until that day is over.
pub fn end_of_paris_day(day: Date) -> Timestamp {
    day.tomorrow().ok().and_then(|next| next.to_zoned(paris()).ok()).map_or(Timestamp::MAX, |z| z.timestamp())
}

/// A day written `AAAA-MM-JJ`, between 1850 and 2150.
pub fn parse(text: &str) -> Result<Date, Invalide> {
    let bad = || Invalide::new("DATE", "Une date de la forme AAAA-MM-JJ est attendue.");
    let shape = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let day = if shape { text.parse::<Date>().map_err(|_| bad())? } else { return Err(bad()) };
    if (1850..=2150).contains(&day.year()) { Ok(day) } else { Err(bad()) }
}

/// Whole years between a birth and a day.
pub fn age(birth: Date, on: Date) -> i16 {
    let years = on.year() - birth.year();
    if (on.month(), on.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_paris() {
        let t: Timestamp = "2026-06-30T22:30:00Z".parse().unwrap();
        assert_eq!(paris_day(t).to_string(), "2026-07-01");
        assert_eq!(paris_time(t).to_string(), "2026-07-01T00:30:00");
        assert_eq!(end_of_paris_day(parse("2026-06-30").unwrap()).to_string(), "2026-06-30T22:00:00Z");
        assert_eq!(end_of_paris_day(parse("2026-12-31").unwrap()).to_string(), "2026-12-31T23:00:00Z");
    }

    #[test]
    fn only_one_writing_of_a_date() {
        for bad in ["2013-2-3", "2013-02-30", "20130203", "0001-01-01", "2013-02-03T00:00", "٢٠١٣-٠٢-٠٣"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_birthday_counts_from_the_day_itself() {
        let birth = parse("2004-02-29").unwrap();
        assert_eq!(age(birth, parse("2020-02-28").unwrap()), 15);
        assert_eq!(age(birth, parse("2020-02-29").unwrap()), 16);
        assert_eq!(age(birth, parse("2021-02-28").unwrap()), 16);
    }
}
