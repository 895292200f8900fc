//! Charts, which the spreadsheet draws from the cells of the sheets.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, Color,
};

use crate::output::xlsx::style::{ACCENT, INK};
use crate::quote::documents::workbook::place::Place;

/// A row of values as bars or columns.
pub struct Series<'s> {
    /// The form.
    pub form: ChartType,
    /// The title.
    pub title: &'s str,
    /// The place of the values and their names.
    pub place: &'s Place,
    /// The column of the names.
    pub names: u16,
    /// The column of the values.
    pub values: u16,
    /// Whether each bar is labelled with its value.
    pub labelled: bool,
}

impl Series<'_> {
    /// The chart, with an alternative text.
    pub fn chart(&self, described: &str) -> Chart {
        const WIDTH: u32 = 620;
        const HEIGHT: u32 = 320;
        const FORMAT: &str = "#,##0";
        let pale = ChartLine::new().set_color(Color::RGB(0xDD_E3E8)).clone();
        let small = ChartFont::new().set_size(9).clone();
        let mut chart = Chart::new(self.form);
        chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(described);
        chart.title().set_name(self.title).set_font(ChartFont::new().set_size(12).set_color(INK)).set_overlay(false);
        chart.legend().set_hidden().set_position(ChartLegendPosition::Bottom);
        chart.chart_area().set_format(ChartFormat::new().set_border(&pale));
        let fill = ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(ACCENT)).clone();
        let series = chart.add_series();
        if self.labelled {
            series.set_data_label(ChartDataLabel::new().show_value().set_num_format(FORMAT).set_font(&small));
        }
        series
            .set_categories(self.place.column(self.names).as_str())
            .set_values(self.place.column(self.values).as_str())
            .set_format(&mut fill.clone())
            .set_gap(60);
        if matches!(self.form, ChartType::Bar) {
            // the first row of the table on top; the values stand at the bars
            chart.y_axis().set_font(&small).set_reverse();
            chart.x_axis().set_min(0).set_hidden(true).set_major_gridlines(false);
        } else {
            chart.x_axis().set_font(&small).set_text_axis(true).set_num_format("dd.mm.yyyy");
            chart.y_axis().set_font(&small).set_min(0).set_num_format(FORMAT).set_major_gridlines_line(&pale);
        }
        chart
    }
}
