//! One pass over one JSON value: is it one, and may it be kept?

/// Deeper than any record is, and shallower than what parsers refuse.
const DEPTH_MAX: u32 = 120;

/// So few characters without an exponent always fit a float.
const SHORT_NUMERAL: usize = 300;

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Json,
    Nul,
}

/// A place in a text that is known to be UTF-8.
pub(super) struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

type Step = Result<(), Fault>;

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The text is exactly one object; else what is wrong, and at which byte.
    pub(super) fn object(mut self) -> Result<(), (Fault, usize)> {
        self.whole().map_err(|fault| (fault, self.at))
    }

    fn whole(&mut self) -> Step {
        self.space();
        if self.peek() != Some(b'{') {
            return Err(Fault::Json);
        }
        self.value(0)?;
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(Fault::Json) }
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Fault::Json)
        }
    }

    /// Steps over one value.
    pub(super) fn value(&mut self, depth: u32) -> Step {
        match self.peek() {
            Some(b'{' | b'[') if depth == DEPTH_MAX => Err(Fault::Json),
            Some(b'{') => self.members(depth + 1),
            Some(b'[') => self.elements(depth + 1),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(Fault::Json),
        }
    }

    fn members(&mut self, depth: u32) -> Step {
        self.listed(b'{', b'}', |scan| {
            scan.string()?;
            scan.space();
            scan.take(b':')?;
            scan.space();
            scan.value(depth)
        })
    }

    fn elements(&mut self, depth: u32) -> Step {
        self.listed(b'[', b']', |scan| scan.value(depth))
    }

    fn listed(&mut self, open: u8, close: u8, mut item: impl FnMut(&mut Self) -> Step) -> Step {
        self.take(open)?;
        self.space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(Fault::Json),
            }
            self.space();
        }
    }

    pub(super) fn string(&mut self) -> Step {
        self.take(b'"')?;
        loop {
            let rest = &self.text[self.at..];
            let run = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]).ok_or(Fault::Json)?;
            self.at += run;
            match rest[run] {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                0 => return Err(Fault::Nul),
                _ => return Err(Fault::Json),
            }
        }
    }

    fn escape(&mut self) -> Step {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 1;
                Ok(())
            }
            Some(b'u') => self.unicode(),
            _ => Err(Fault::Json),
        }
    }

    /// A half of a surrogate pair alone is no character.
    fn unicode(&mut self) -> Step {
        match self.code_unit()? {
            0 => Err(Fault::Nul),
            0xD800..=0xDBFF => {
                self.take(b'\\')?;
                match self.code_unit()? {
                    0xDC00..=0xDFFF => Ok(()),
                    _ => Err(Fault::Json),
                }
            }
            0xDC00..=0xDFFF => Err(Fault::Json),
            _ => Ok(()),
        }
    }

    fn code_unit(&mut self) -> Result<u32, Fault> {
        self.take(b'u')?;
        let digits = self.text.get(self.at..self.at + 4).ok_or(Fault::Json)?;
        let unit = digits.iter().try_fold(0, |unit, digit| Some(unit * 16 + char::from(*digit).to_digit(16)?));
        self.at += 4;
        unit.ok_or(Fault::Json)
    }

    /// A number that no float can hold would be refused by every parser after this one.
    fn number(&mut self) -> Step {
        let start = self.at;
        self.numeral()?;
        let numeral = &self.text[start..self.at];
        if numeral.len() < SHORT_NUMERAL && !numeral.iter().any(|byte| matches!(byte, b'e' | b'E')) {
            return Ok(());
        }
        let number = std::str::from_utf8(numeral).ok().and_then(|numeral| numeral.parse::<f64>().ok());
        if number.is_some_and(f64::is_finite) { Ok(()) } else { Err(Fault::Json) }
    }

    fn numeral(&mut self) -> Step {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Step {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Fault::Json) }
    }

    fn word(&mut self, word: &[u8]) -> Step {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(())
        } else {
            Err(Fault::Json)
        }
    }
}

/// Bytes that end a plain run inside a string.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};
