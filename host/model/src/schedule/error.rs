//! What can be wrong with a schedule.

/// A schedule that cannot be used. Each message says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Neither rhythm or both.
    #[error("a schedule has either `cron` or `every`; write one of the two")]
    Rhythm,
    /// Neither five fields nor six.
    #[error(
        "a cron expression has five fields (minute, hour, day of month, month, day of week), or six with seconds first; \
         this one has {found}"
    )]
    Fields {
        /// How many there are.
        found: usize,
    },
    /// A character of another dialect.
    #[error("`{character}` at byte {at} is not understood here; write the days out as numbers or names")]
    Dialect {
        /// Where it stands.
        at: usize,
        /// What stands there.
        character: char,
    },
    /// Not a value of the field.
    #[error("`{text}` at byte {at} is no {field}; write a number from {min} to {max}{names}")]
    Value {
        /// Where it stands.
        at: usize,
        /// What stands there.
        text: String,
        /// The field.
        field: &'static str,
        /// The least it may be.
        min: u8,
        /// The most it may be.
        max: u8,
        /// Names that it may have besides, as the end of the sentence.
        names: &'static str,
    },
    /// A range that goes down.
    #[error("the range `{text}` at byte {at} goes down; write it as two, such as `22-23,0-5`")]
    Backwards {
        /// Where it stands.
        at: usize,
        /// What stands there.
        text: String,
    },
    /// A step that is no step.
    #[error("the step `{text}` at byte {at} is not a number from 1 to {max}; write `*/15` for every fifteenth")]
    Step {
        /// Where it stands.
        at: usize,
        /// What stands there.
        text: String,
        /// The longest step that makes sense.
        max: u8,
    },
    /// An interval that cannot be read.
    #[error("`{text}` is no interval at byte {at}; write whole numbers with `d`, `h`, `m` and `s`, such as `1h30m`")]
    Every {
        /// Where reading stopped.
        at: usize,
        /// The whole text.
        text: String,
    },
    /// An interval too short or too long.
    #[error("the interval `{text}` is not between one second and a year; write such a one")]
    EveryLength {
        /// The whole text.
        text: String,
    },
    /// No zone of this name.
    #[error("`{name}` is no IANA time zone; write one such as `Europe/Warsaw` or `UTC`")]
    Zone {
        /// The name.
        name: String,
    },
    /// Allowed hours that cannot be read.
    #[error("`{text}` is no span of hours; write `08:00-18:00`, or `22:00-06:00` for the night")]
    Hours {
        /// What stands there.
        text: String,
    },
    /// Dates without occurrences that cannot be read.
    #[error("`{text}` is no date; write `2026-12-24`, or `2026-12-24..2026-12-26` for the days from one to another")]
    Blackout {
        /// What stands there.
        text: String,
    },
    /// It ends before it begins.
    #[error("`not_after` lies before `not_before`; exchange them")]
    Bounds,
    /// No occurrence.
    #[error("this schedule never fires; look at the day of the month, the allowed hours and the bounds together")]
    Never,
}

impl ScheduleError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rhythm => "schedule.rhythm",
            Self::Fields { .. } => "schedule.fields",
            Self::Dialect { .. } => "schedule.dialect",
            Self::Value { .. } => "schedule.value",
            Self::Backwards { .. } => "schedule.backwards",
            Self::Step { .. } => "schedule.step",
            Self::Every { .. } => "schedule.every",
            Self::EveryLength { .. } => "schedule.every_length",
            Self::Zone { .. } => "schedule.zone",
            Self::Hours { .. } => "schedule.hours",
            Self::Blackout { .. } => "schedule.blackout",
            Self::Bounds => "schedule.bounds",
            Self::Never => "schedule.never",
        }
    }

    /// The byte in the expression at which it is wrong.
    pub const fn position(&self) -> Option<usize> {
        match self {
            Self::Dialect { at, .. }
            | Self::Value { at, .. }
            | Self::Backwards { at, .. }
            | Self::Step { at, .. }
            | Self::Every { at, .. } => Some(*at),
            _ => None,
        }
    }
}
