//! The types that a value of JSON can have.

use serde::{Deserialize, Serialize};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// Fields of its own.
    Object,
    /// No value.
    Null,
}

impl FieldType {
    const ALL: [Self; 7] =
        [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object, Self::Null];

    /// The type of a value as it is written. Its first byte tells it, and only of a number the others matter.
    pub fn of(json: &str) -> Self {
        match json.as_bytes().first() {
            Some(b'"') => Self::String,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) if is_whole(json) => Self::Integer,
            Some(_) => Self::Number,
        }
    }

    /// The word for it, as JSON Schema has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Null => "null",
        }
    }

    /// The type of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// `1.0` and `1e3` are whole as well.
fn is_whole(number: &str) -> bool {
    !number.contains(['.', 'e', 'E']) || number.parse::<f64>().is_ok_and(|number| number.fract() == 0.0)
}

/// The types that a field may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<FieldType>", into = "Vec<FieldType>")]
pub struct FieldTypes(u8);

impl FieldTypes {
    /// Every type there is.
    pub const ANY: Self = Self(0b111_1111);
    /// No value so far: the first one says what the field holds.
    pub const NULL: Self = Self(FieldType::Null.bit());

    /// Whether a value of a type may stand there. A number without a fraction is a number.
    pub const fn fit(self, found: FieldType) -> bool {
        let also = if matches!(found, FieldType::Integer) { FieldType::Number.bit() } else { 0 };
        self.0 & (found.bit() | also) != 0
    }

    /// These, and one more.
    #[must_use]
    pub const fn with(self, one: FieldType) -> Self {
        Self(self.0 | one.bit())
    }

    /// All of them, one by one.
    pub fn iter(self) -> impl Iterator<Item = FieldType> {
        FieldType::ALL.into_iter().filter(move |one| self.0 & one.bit() != 0)
    }
}

impl From<Vec<FieldType>> for FieldTypes {
    fn from(types: Vec<FieldType>) -> Self {
        types.into_iter().collect()
    }
}

impl From<FieldTypes> for Vec<FieldType> {
    fn from(types: FieldTypes) -> Self {
        types.iter().collect()
    }
}

impl FromIterator<FieldType> for FieldTypes {
    fn from_iter<I: IntoIterator<Item = FieldType>>(types: I) -> Self {
        types.into_iter().fold(Self::default(), Self::with)
    }
}

/// Words, such as `integer or string`.
impl std::fmt::Display for FieldTypes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Self::ANY {
            return f.write_str("anything");
        }
        let words: Vec<_> = self.iter().map(FieldType::word).collect();
        f.write_str(&words.join(" or "))
    }
}
