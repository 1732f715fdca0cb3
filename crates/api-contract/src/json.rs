//! Reading JSON where each kilobyte of program is paid for by a phone: as strict as `serde_json`, which the tests hold it
//! against, but an error says only the kind of what is wrong, a struct is always an object, and half a sign (`\ud834` alone) is
//! nowhere let pass, not even in what nobody reads.

mod number;
mod text;

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use number::Number;

/// How deep lists and objects that nobody reads may be nested.
const DEEPEST: u8 = 128;

/// Why a text could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It is not JSON.
    Syntax,
    /// It is JSON of another shape, or a value is not allowed where it stands.
    Shape,
    /// A field is missing: which.
    Lacks(&'static str),
}

/// The name of a newtype that is handed over as the text of its value, unread.
pub(crate) const AS_TEXT: &str = "\0";

/// Reads a whole text. Enums without data are strings; others, and what borrows from the text, are not supported.
///
/// # Errors
/// [`Unread`] says what is wrong with the text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    let mut reader = Reader { text, at: 0 };
    let value = T::deserialize(&mut reader)?;
    if reader.peek() == 0 && reader.at == text.len() { Ok(value) } else { Err(Unread::Syntax) }
}

/// Where one is in a text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// The byte here; 0, which no JSON has, at the end.
    fn here(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The next byte that is no space, which stays where it is.
    #[inline(never)]
    fn peek(&mut self) -> u8 {
        while matches!(self.here(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
        self.here()
    }

    /// Goes past `byte` if it is the next one.
    #[inline(never)]
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    #[inline(never)]
    fn expect(&mut self, byte: u8) -> Result<(), Unread> {
        if self.takes(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// What is wrong where something else was wanted: a value of another kind, or none at all.
    #[cold]
    fn unexpected(&mut self) -> Unread {
        match self.peek() {
            b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9' => Unread::Shape,
            _ => Unread::Syntax,
        }
    }

    #[inline(never)]
    fn word(&mut self, word: &str) -> Result<(), Unread> {
        self.peek();
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(self.unexpected());
        }
        self.at += word.len();
        Ok(())
    }

    #[inline(never)]
    fn truth(&mut self) -> Result<bool, Unread> {
        let yes = self.peek() == b't';
        self.word(if yes { "true" } else { "false" }).map(|()| yes)
    }

    /// Whether another item follows in a list or object that `close` ends, which stays where it is.
    #[inline(never)]
    fn more(&mut self, first: &mut bool, close: u8) -> Result<bool, Unread> {
        if self.peek() == close {
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// The text of a value, which is read by somebody else.
    #[inline(never)]
    fn unread(&mut self) -> Result<&str, Unread> {
        self.peek();
        let start = self.at;
        self.skip(DEEPEST)?;
        self.text.get(start..self.at).ok_or(Unread::Syntax)
    }

    /// Goes past a value that nobody wants.
    fn skip(&mut self, deep: u8) -> Result<(), Unread> {
        let close = match self.peek() {
            b'"' => return self.string().map(drop),
            b't' | b'f' => return self.truth().map(drop),
            b'n' => return self.word("null"),
            b'{' => b'}',
            b'[' => b']',
            _ => return self.number().map(drop),
        };
        if deep == 0 {
            return Err(Unread::Syntax);
        }
        self.at += 1;
        let mut first = true;
        while self.more(&mut first, close)? {
            if close == b'}' {
                self.string()?;
                self.expect(b':')?;
            }
            self.skip(deep - 1)?;
        }
        self.expect(close)
    }
}

/// The items of a list or of an object.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    first: bool,
}

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Unread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unread> {
        if self.reader.more(&mut self.first, b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, 'de> {
    type Error = Unread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unread> {
        if !self.reader.more(&mut self.first, b'}')? {
            return Ok(None);
        }
        match self.reader.peek() {
            b'"' => seed.deserialize(&mut *self.reader).map(Some),
            _ => Err(Unread::Syntax),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unread> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.peek() {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_bool(self.truth()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        match self.number()? {
            Number::Whole(number) => visitor.visit_u64(number),
            Number::Below(number) => visitor.visit_i64(number),
            Number::Broken(number) if number.is_finite() => visitor.visit_f64(number),
            Number::Broken(_) => Err(Unread::Syntax),
        }
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_string(self.string()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        if self.peek() == b'n' {
            self.word("null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Unread> {
        if name == AS_TEXT {
            return visitor.visit_str(self.unread()?);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.expect(b'[')?;
        let value = visitor.visit_seq(Items { reader: &mut *self, first: true })?;
        self.expect(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unread> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.expect(b'{')?;
        let value = visitor.visit_map(Items { reader: &mut *self, first: true })?;
        self.expect(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unread> {
        let name = self.string()?;
        let name: StrDeserializer<'_, Unread> = name.as_str().into_deserializer();
        visitor.visit_enum(name)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unread> {
        self.skip(DEEPEST)?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 f32 char bytes byte_buf unit_struct tuple_struct
    }
}

// Nothing here writes what it is given into a text: that would bring all of the formatting along.
impl de::Error for Unread {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Unread::Shape
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Unread::Shape
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Unread::Shape
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Unread::Shape
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Unread::Shape
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Unread::Shape
    }

    fn missing_field(field: &'static str) -> Self {
        Unread::Lacks(field)
    }

    fn duplicate_field(_: &'static str) -> Self {
        Unread::Shape
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unread::Syntax => "not JSON",
            Unread::Shape => "JSON of another shape",
            Unread::Lacks(field) => field,
        })
    }
}

impl std::error::Error for Unread {}

#[cfg(test)]
mod tests;
