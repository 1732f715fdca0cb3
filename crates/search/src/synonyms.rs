#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synonyms;
#[derive(Debug)]
pub struct SynonymsError;
impl Synonyms {
    pub fn parse(_text: &str) -> Result<Self, SynonymsError> {
        Ok(Self)
    }
    pub fn to_text(&self) -> String {
        String::new()
    }
    pub(crate) fn of(&self, _words: &[&str], _at: usize) -> Vec<(usize, Vec<Vec<String>>)> {
        Vec::new()
    }
}

impl std::fmt::Display for SynonymsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("synonyms")
    }
}
impl std::error::Error for SynonymsError {}
