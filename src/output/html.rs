//! HTML and SVG: every text and every attribute is escaped where it is written.

use std::fmt::Display;

use serde::Serialize;

/// A piece of HTML or SVG that is being written.
#[derive(Debug, Default)]
pub struct Markup {
    text: String,
}

/// The attributes of an element, by name.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Markup {
    /// Writes an element with content.
    pub fn element(&mut self, tag: &str, attributes: Attributes<'_>, inside: impl FnOnce(&mut Self)) {
        self.open(tag, attributes);
        inside(self);
        self.end(tag);
    }

    /// Writes an element whose content is a text.
    pub fn leaf(&mut self, tag: &str, attributes: Attributes<'_>, text: impl Display) {
        self.element(tag, attributes, |inside| inside.text(text));
    }

    /// Writes a start tag; for `meta` and the like, which have no end tag, the element.
    pub fn open(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            self.escape(value);
            self.text.push('"');
        }
        self.text.push('>');
    }

    /// Writes an end tag.
    pub fn end(&mut self, tag: &str) {
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
    }

    /// Writes a text.
    pub fn text(&mut self, text: impl Display) {
        self.escape(&text.to_string());
    }

    /// Writes markup of the program itself, unescaped: its style and script.
    pub fn raw(&mut self, text: &'static str) {
        self.text.push_str(text);
    }

    /// Writes values for the script of the page as JSON, in a `script` element of this id.
    ///
    /// No text in the values ends the element or begins markup: `<`, `>` and `&` are written as escapes of JSON.
    ///
    /// # Panics
    ///
    /// If the values have no form in JSON: a map whose keys are no texts.
    pub fn data(&mut self, id: &str, values: &impl Serialize) {
        let json = serde_json::to_string(values).expect("values with named fields have a form in JSON");
        self.open("script", &[("id", id), ("type", "application/json")]);
        for letter in json.chars() {
            match letter {
                '<' => self.text.push_str("\\u003c"),
                '>' => self.text.push_str("\\u003e"),
                '&' => self.text.push_str("\\u0026"),
                letter => self.text.push(letter),
            }
        }
        self.end("script");
    }

    /// The markup.
    pub fn finish(self) -> String {
        self.text
    }

    fn escape(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&#39;"),
                // control characters are invalid in HTML
                '\n' | '\t' => self.text.push(letter),
                letter if letter.is_control() => self.text.push('\u{fffd}'),
                letter => self.text.push(letter),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_or_attribute_becomes_markup() {
        let mut page = Markup::default();
        page.element("p", &[("title", "\"><script>")], |inside| inside.text("</p><b onclick='x'>&amp;\u{0}"));
        assert_eq!(
            page.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt;&lt;b onclick=&#39;x&#39;&gt;&amp;amp;\u{fffd}</p>"
        );
    }

    #[test]
    fn no_text_ends_the_data_of_the_script() {
        let mut page = Markup::default();
        page.data("data", &["</script><!--<script>&amp;"]);
        assert_eq!(
            page.finish(),
            "<script id=\"data\" type=\"application/json\">\
             [\"\\u003c/script\\u003e\\u003c!--\\u003cscript\\u003e\\u0026amp;\"]</script>"
        );
    }
}
