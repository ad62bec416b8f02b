//! HTTP dates (RFC 9110 section 5.6.7), read strictly: a date with the wrong weekday is not a date.

/// 1 January 1970 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH_DAYS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The three forms of a date. [`Date::read`] explains the letters.
const FORMS: [&str; 4] = [
    // Sun, 06 Nov 1994 08:49:37 GMT
    "w, dd n YYYY hh:mm:ss GMT",
    // Sunday, 06-Nov-94 08:49:37 GMT
    "wW, dd-n-yy hh:mm:ss GMT",
    // Sun Nov  6 08:49:37 1994, where a day of one digit has a space before it.
    "w n dd hh:mm:ss YYYY",
    "w n  d hh:mm:ss YYYY",
];

const FIRST_YEAR: u64 = 1970;

/// Returns the time from 1970 to the date, in ms, or `None` if the text is not an HTTP date in one of its three forms.
pub fn parse(text: &str) -> Option<u64> {
    FORMS.iter().find_map(|form| Date::read(text, form))?.ms()
}

/// The parts of a date. Names are positions in the tables.
#[derive(Default)]
struct Date {
    weekday: usize,
    day: u64,
    month: usize,
    year: u64,
    short_year: Option<u64>,
    hours: u64,
    minutes: u64,
    seconds: u64,
}

impl Date {
    /// Reads a date in one form. Returns `None` if the text has another form.
    fn read(mut text: &str, form: &str) -> Option<Self> {
        let mut date = Self::default();
        for part in form.chars() {
            match part {
                // The first three letters of a weekday, and the others.
                'w' => date.weekday = name(&mut text, &WEEKDAYS)?,
                'W' => text = text.strip_prefix(WEEKDAYS.get(date.weekday)?.get(3..)?)?,
                'n' => date.month = name(&mut text, &MONTHS)?,
                // One digit each.
                'd' => digit(&mut text, &mut date.day)?,
                'Y' => digit(&mut text, &mut date.year)?,
                'y' => digit(&mut text, date.short_year.get_or_insert_default())?,
                'h' => digit(&mut text, &mut date.hours)?,
                'm' => digit(&mut text, &mut date.minutes)?,
                's' => digit(&mut text, &mut date.seconds)?,
                literal => text = text.strip_prefix(literal)?,
            }
        }
        text.is_empty().then_some(date)
    }

    #[expect(clippy::arithmetic_side_effects, reason = "every number has at most four digits")]
    fn ms(self) -> Option<u64> {
        let Self { weekday, day, month, hours, minutes, seconds, .. } = self;
        let year = match self.short_year {
            None => self.year,
            Some(year @ ..70) => year + 2000,
            Some(year) => year + 1900,
        };
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = |month: usize| MONTH_DAYS.get(month).map_or(0, |days| days + u64::from(is_leap && month == 1));
        if year < FIRST_YEAR || !(1..=length(month)).contains(&day) || hours > 23 || minutes > 59 || seconds > 59 {
            return None;
        }
        let leap_days_before = |year: u64| {
            let last = year - 1;
            last / 4 - last / 100 + last / 400
        };
        let leap_days = leap_days_before(year) - leap_days_before(FIRST_YEAR);
        let days = (year - FIRST_YEAR) * 365 + leap_days + (0..month).map(length).sum::<u64>() + day - 1;
        let is_date = days % 7 == weekday as u64;
        is_date.then_some((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
    }
}

/// Takes three letters off a text. Returns the index of the name that begins with them.
fn name(text: &mut &str, names: &[&str]) -> Option<usize> {
    let (letters, rest) = text.split_at_checked(3)?;
    *text = rest;
    names.iter().position(|name| name.starts_with(letters))
}

/// Takes a digit off a text, and appends it to a number.
#[expect(clippy::arithmetic_side_effects, reason = "every number has at most four digits")]
fn digit(text: &mut &str, number: &mut u64) -> Option<()> {
    let digit = text.chars().next()?.to_digit(10)?;
    *text = text.get(1..)?;
    *number = *number * 10 + u64::from(digit);
    Some(())
}
