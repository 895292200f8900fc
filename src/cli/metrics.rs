//! `--metrics FILE`: the duration, the totals and the exit code of a run, for the textfile collector of `node_exporter`.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use crate::base::error::Error;

/// The collector runs as another user.
const READABLE: u32 = 0o644;

/// Writes the metrics of a run in place of those of the run before; a reader sees one or the other, whole.
///
/// # Errors
///
/// [`Error::Io`] where the file cannot be written.
pub fn write(
    path: &Path,
    command: &str,
    exit_code: u8,
    duration: Duration,
    totals: &Map<String, Value>,
) -> Result<(), Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let written = NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(render(command, exit_code, duration, totals).as_bytes())?;
        file.as_file().set_permissions(Permissions::from_mode(READABLE))?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|fault| fault.error)
    });
    written.map(drop).map_err(|fault| Error::writing(path, fault))
}

/// The metrics as text; only totals that are numbers or amounts are among them.
fn render(command: &str, exit_code: u8, duration: Duration, totals: &Map<String, Value>) -> String {
    let mut text = String::new();
    let mut metric = |name: &str, help: &str, values: &[(String, String)]| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (label, value) in values {
            let _ = writeln!(text, "{name}{{command=\"{command}\"{label}}} {value}");
        }
    };
    let seconds = format!("{}.{:03}", duration.as_secs(), duration.subsec_millis());
    metric("kollektiv_run_duration_seconds", "Duration of the last run.", &[(String::new(), seconds)]);
    metric("kollektiv_run_exit_code", "Exit code of the last run.", &[(String::new(), exit_code.to_string())]);
    let total = |(name, value): (&String, &Value)| {
        let number = match value {
            Value::Number(number) => number.to_string(),
            Value::String(amount) if is_amount(name, amount) => amount.clone(),
            _ => return None,
        };
        Some((format!(",total=\"{name}\""), number))
    };
    let values: Vec<_> = totals.iter().filter_map(total).collect();
    if !values.is_empty() {
        metric("kollektiv_run_total", "Totals of the last run, amounts in roubles.", &values);
    }
    text
}

/// Whether a total is money; the number of a contract may look like it.
fn is_amount(name: &str, text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = text.strip_prefix('-').unwrap_or(text).split_once('.');
    name != "number" && whole.is_some_and(|(roubles, kopecks)| digits(roubles) && digits(kopecks) && kopecks.len() == 2)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_is_gauges_with_its_command_and_only_its_numbers() {
        let totals =
            json!({ "number": "12.34", "status": "priced", "priced": 4200, "premium": "-122.50", "known": true });
        let text = render("quote", 4, Duration::from_millis(1_234), totals.as_object().unwrap());
        let values: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            values,
            [
                "kollektiv_run_duration_seconds{command=\"quote\"} 1.234",
                "kollektiv_run_exit_code{command=\"quote\"} 4",
                "kollektiv_run_total{command=\"quote\",total=\"priced\"} 4200",
                "kollektiv_run_total{command=\"quote\",total=\"premium\"} -122.50",
            ]
        );
    }
}
