//! The look of the workbooks: one set of colours and cell formats for all of them.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::base::messages::Language;

/// The colours of the workbook.
pub const INK: Color = Color::RGB(0x1F_2A44);
pub const ACCENT: Color = Color::RGB(0x1F_6F8B);
const LINE: Color = Color::RGB(0xC9_D3DC);
const QUIET: Color = Color::RGB(0x5B_6676);
const BAD: Color = Color::RGB(0xFF_C7CE);
const DOUBTFUL: Color = Color::RGB(0xFF_F2B3);
const DOUBT: Color = Color::RGB(0x7F_6000);
const ALARM: Color = Color::RGB(0x9C_0006);

/// The formats of cells, each made once.
pub struct Styles {
    pub title: Format,
    pub subtitle: Format,
    pub about: Format,
    pub plain: Format,
    pub note: Format,
    pub alarm: Format,
    pub section: Format,
    pub heading: Format,
    pub label: Format,
    pub text: Format,
    pub wrapped: Format,
    pub fixed: Format,
    pub count: Format,
    pub number: Format,
    pub money: Format,
    pub date: Format,
    pub share: Format,
    pub verdict: Format,
    pub total_label: Format,
    pub total_money: Format,
    pub sum_count: Format,
    pub sum_money: Format,
    pub headline: Format,
    pub error: Format,
    pub referral: Format,
    pub good: Format,
    pub doubtful: Format,
    pub bad: Format,
}

impl Styles {
    pub fn new(language: Language) -> Self {
        let money = match language {
            Language::Ru => "#,##0.00\\ \"₽\"",
            Language::En => "\"₽\"#,##0.00",
        };
        let cell = || {
            Format::new()
                .set_align(FormatAlign::Top)
                .set_border_bottom(FormatBorder::Hair)
                .set_border_bottom_color(LINE)
        };
        // beside a figure, which stands to the right of its cell
        let words = || cell().set_align(FormatAlign::Left).set_indent(1);
        let total = || Format::new().set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(INK);
        let count = "#,##0";
        Self {
            title: Format::new().set_bold().set_font_size(16).set_font_color(INK),
            subtitle: Format::new().set_font_color(QUIET),
            about: Format::new().set_font_color(QUIET).set_text_wrap().set_align(FormatAlign::Top),
            plain: Format::new().set_font_color(INK),
            note: Format::new().set_font_color(QUIET).set_font_size(9).set_text_wrap().set_align(FormatAlign::Top),
            alarm: Format::new().set_bold().set_font_color(ALARM),
            section: Format::new().set_bold().set_font_size(12).set_font_color(ACCENT),
            heading: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_align(FormatAlign::Center)
                .set_font_color(Color::White)
                .set_background_color(ACCENT),
            label: words().set_font_color(QUIET),
            text: words(),
            wrapped: words().set_text_wrap(),
            fixed: words().set_font_name("Consolas").set_font_size(10),
            count: cell().set_num_format(count),
            number: cell().set_align(FormatAlign::Right).set_num_format("0.0###############"),
            money: cell().set_num_format(money),
            date: cell().set_num_format("dd.mm.yyyy").set_align(FormatAlign::Center),
            share: cell().set_num_format("0.0%"),
            verdict: cell().set_align(FormatAlign::Center),
            total_label: total(),
            total_money: total().set_num_format(money),
            sum_count: cell().set_bold().set_num_format(count),
            sum_money: cell().set_bold().set_num_format(money),
            headline: cell().set_bold().set_font_size(13).set_font_color(INK).set_num_format(money),
            error: words().set_font_color(ALARM).set_background_color(BAD),
            referral: words().set_font_color(DOUBT).set_background_color(DOUBTFUL),
            good: Format::new().set_font_color(Color::RGB(0x00_6100)).set_background_color(Color::RGB(0xE2_F0D9)),
            doubtful: Format::new().set_font_color(DOUBT).set_background_color(DOUBTFUL),
            bad: Format::new().set_font_color(ALARM).set_background_color(BAD),
        }
    }
}
