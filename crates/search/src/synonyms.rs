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
