//! Dates and times, read in one way and written in another.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::{Timestamp, Zoned};

use super::apply::write_string;
use super::compile::MappingError;
use super::rules::DateFormat;
use crate::time::Zone;

/// A date format that was checked.
#[derive(Clone, Debug)]
pub(super) struct Date {
    read: Form,
    write: Form,
    zone: Zone,
}

#[derive(Clone, Debug)]
enum Form {
    Iso,
    Unix,
    UnixMs,
    Pattern(String),
}

impl Date {
    pub(super) fn compile(format: &DateFormat, at: &str) -> Result<Self, MappingError> {
        let zone = format.zone.as_deref().map_or(Ok(Zone::UTC), Zone::named);
        Ok(Self {
            read: Form::compile(&format.read, true, &format!("{at}/read"))?,
            write: Form::compile(&format.write, false, &format!("{at}/write"))?,
            zone: zone.map_err(|error| MappingError::new(format!("{at}/zone"), error.to_string()))?,
        })
    }

    /// Appends the date in its new form; nothing where the text is no date of the old one.
    pub(super) fn shape(&self, text: &str, out: &mut Vec<u8>) -> Option<()> {
        let moment = self.moment(text.trim())?;
        match &self.write {
            Form::Iso => write_string(out, &strtime::format("%Y-%m-%dT%H:%M:%S%.f%:z", &moment).ok()?),
            Form::Unix => out.extend_from_slice(moment.timestamp().as_second().to_string().as_bytes()),
            Form::UnixMs => out.extend_from_slice(moment.timestamp().as_millisecond().to_string().as_bytes()),
            Form::Pattern(pattern) => write_string(out, &strtime::format(pattern, &moment).ok()?),
        }
        Some(())
    }

    fn moment(&self, text: &str) -> Option<Zoned> {
        let zone = self.zone.rules();
        let stamp = |stamp: Timestamp| stamp.to_zoned(zone.clone());
        match &self.read {
            Form::Unix => Timestamp::from_second(text.parse().ok()?).ok().map(stamp),
            Form::UnixMs => Timestamp::from_millisecond(text.parse().ok()?).ok().map(stamp),
            Form::Iso => text.parse().ok().map(stamp).or_else(|| self.civil(text.parse().ok()?)),
            Form::Pattern(pattern) => {
                let read = strtime::parse(pattern, text).ok()?;
                if read.offset().is_some() {
                    return read.to_timestamp().ok().map(stamp);
                }
                let civil = read.to_datetime().or_else(|_| read.to_date().map(DateTime::from)).ok()?;
                self.civil(civil)
            }
        }
    }

    /// A civil time in the rule's zone. Where the clock jumps, a time that is not there is the one after the gap, and one that
    /// is there twice is the first.
    fn civil(&self, civil: DateTime) -> Option<Zoned> {
        self.zone.rules().to_ambiguous_zoned(civil).compatible().ok()
    }
}

impl Form {
    fn compile(text: &str, reads: bool, at: &str) -> Result<Self, MappingError> {
        let pattern = match text {
            "iso" => return Ok(Self::Iso),
            "unix" => return Ok(Self::Unix),
            "unix_ms" => return Ok(Self::UnixMs),
            pattern if !pattern.contains('%') => {
                let what =
                    format!("`{text}` is no date pattern; write one such as `%d.%m.%Y`, or `iso`, `unix` or `unix_ms`");
                return Err(MappingError::new(at, what));
            }
            pattern => pattern,
        };
        let malformed = |error: jiff::Error| MappingError::new(at, format!("`{pattern}` is no date pattern: {error}"));
        let sample = Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
        let written = strtime::format(pattern, &sample).map_err(malformed)?;
        if reads {
            let read = strtime::parse(pattern, &written).map_err(malformed)?;
            if read.to_date().is_err() && read.to_timestamp().is_err() {
                let what = format!("`{pattern}` reads no year, month and day");
                return Err(MappingError::new(at, what));
            }
        }
        Ok(Self::Pattern(pattern.to_owned()))
    }
}
