use std::ops::Range;
pub(crate) struct Quantity {
    pub(crate) words: Range<usize>,
    pub(crate) spellings: Vec<Vec<String>>,
}
pub(crate) fn quantities(_words: &[&str]) -> Vec<Quantity> {
    Vec::new()
}
