//! HTTP dates (RFC 9110 section 5.6.7), read strictly: all three forms, the day of the week as the calendar has it.

/// The forms of a date: `w` and `W` are a day's short and long name, `m` a month's, `d` a day of two digits, `D` the
/// same with a space for its zero, `y` and `Y` a year of two and four digits, `t` a time.
const FORMS: [&str; 3] = ["w, d m Y t GMT", "W, d-m-y t GMT", "w m D t Y"];

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

const SECONDS_A_DAY: f64 = 86_400.0;

/// The seconds from the start of 1970 to a date, which is not before that.
///
/// A year of two digits is one from 1970 to 2069. Whole numbers as floats, which hold all that occurs here exactly.
pub fn unix_seconds(text: &str) -> Option<f64> {
    FORMS.iter().find_map(|form| Reader { rest: text.as_bytes() }.date(form))
}

/// The days from the start of 1970 to a month's, which counts from 0 for January; 12 is the next year's January.
fn days_before(year: f64, month: f64) -> f64 {
    // Years start in March, so that a leap day is the last of its year.
    let later = ((month - 2.0) / 12.0).floor();
    let (year, month) = (year + later, month - 2.0 - 12.0 * later);
    let leap_days = (year / 4.0).floor() - (year / 100.0).floor() + (year / 400.0).floor();
    year * 365.0 + leap_days + ((153.0 * month + 2.0) / 5.0).floor() - 719_468.0
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn date(mut self, form: &str) -> Option<f64> {
        let (mut weekday, mut day, mut month, mut year, mut time) = (0, 0.0, 0.0, 0.0, 0.0);
        for part in form.bytes() {
            match part {
                b'w' => weekday = self.one_of(DAYS.iter().filter_map(|name| name.get(..3)))?,
                b'W' => weekday = self.one_of(DAYS.iter().copied())?,
                b'm' => month = self.month()?,
                b'd' => day = self.number(2)?,
                b'D' => day = if self.literal(b" ").is_some() { self.number(1)? } else { self.number(2)? },
                b'Y' => year = self.number(4)?,
                b'y' => {
                    let of_century = self.number(2)?;
                    year = of_century + if of_century < 70.0 { 2000.0 } else { 1900.0 };
                }
                b't' => time = self.time()?,
                literal => self.literal(&[literal])?,
            }
        }
        let days = days_before(year, month) + day - 1.0;
        let in_month = day >= 1.0 && days < days_before(year, month + 1.0);
        // 1970 began on a Thursday.
        let sound = self.rest.is_empty()
            && year >= 1970.0
            && in_month
            && days + 4.0 - 7.0 * ((days + 4.0) / 7.0).floor() == weekday as f64;
        sound.then_some(days * SECONDS_A_DAY + time)
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// Which of some names stands here.
    fn one_of<'a>(&mut self, mut names: impl Iterator<Item = &'a str>) -> Option<usize> {
        names.position(|name| self.literal(name.as_bytes()).is_some())
    }

    fn month(&mut self) -> Option<f64> {
        let (name, rest) = self.rest.split_at_checked(3)?;
        self.rest = rest;
        Some(MONTHS.as_bytes().chunks_exact(3).position(|month| month == name)? as f64)
    }

    fn number(&mut self, digits: usize) -> Option<f64> {
        let (number, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        number.iter().try_fold(0.0, |number, byte| {
            let digit = char::from(*byte).to_digit(10)?;
            Some(number * 10.0 + f64::from(digit))
        })
    }

    fn time(&mut self) -> Option<f64> {
        let hours = self.number(2)?;
        self.literal(b":")?;
        let minutes = self.number(2)?;
        self.literal(b":")?;
        let seconds = self.number(2)?;
        let sound = hours < 24.0 && minutes < 60.0 && seconds < 60.0;
        sound.then_some((hours * 60.0 + minutes) * 60.0 + seconds)
    }
}
