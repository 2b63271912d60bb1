//! Printing floats.

/// The shortest text that reads back as the same float, with a decimal point,
/// as Erlang prints it.
///
/// Scientific where that is shorter, and always from 2^53 on, where the digits
/// before the point would claim a precision that a float does not have.
pub(super) fn float(value: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        // No term has it, but to print a mistake should not be another one.
        return value.to_string();
    }
    let shortest = format!("{:e}", value.abs());
    let digits = shortest
        .bytes()
        .take_while(|byte| *byte != b'e')
        .filter(u8::is_ascii_digit)
        .count();
    // The same number of digits again: of two texts equally near, Erlang takes
    // the even one, as rounding to a number of digits does. At a power of two the
    // floats below are nearer than those above, and the rounded text may be another
    // float's.
    let rounded = format!("{:.*e}", digits - 1, value.abs());
    let short = match rounded.parse() {
        Ok(read) if value.abs() == read => rounded,
        _ => shortest,
    };
    let (mantissa, exponent) = short.split_once('e').unwrap_or((&short, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or(0);

    let (first, rest) = digits.split_at(1);
    let fraction = if rest.is_empty() { "0" } else { rest };
    let scientific_len = 1 + 1 + fraction.len() + 1 + exponent.to_string().len();
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.abs() >= EXACT || decimal_len(digits.len(), exponent) > scientific_len {
        return format!("{sign}{first}.{fraction}e{exponent}");
    }
    match usize::try_from(exponent) {
        Err(_) => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            format!("{sign}0.{zeros}{digits}")
        }
        Ok(exponent) if digits.len() > exponent + 1 => {
            let (whole, fraction) = digits.split_at(exponent + 1);
            format!("{sign}{whole}.{fraction}")
        }
        Ok(exponent) => format!("{sign}{digits:0<width$}.0", width = exponent + 1),
    }
}

/// How long the text is without an exponent.
fn decimal_len(digits: usize, exponent: i32) -> usize {
    match usize::try_from(exponent) {
        Err(_) => 1 + exponent.unsigned_abs() as usize + digits,
        Ok(exponent) if digits > exponent + 1 => digits + 1,
        Ok(exponent) => exponent + 1 + 2,
    }
}

#[cfg(test)]
mod tests {
    use super::float;

    /// As Erlang/OTP 25 prints them.
    const PRINTED: [&str; 25] = [
        "6.518515124270356e91",
        "0.0",
        "-0.0",
        "1.0",
        "0.1",
        "-1.5",
        "100.0",
        "0.001",
        "0.0001",
        "1.2e-4",
        "1.2e-5",
        "1.0e-5",
        "1.0e3",
        "1.0e4",
        "12345.0",
        "123456.789",
        "1.0e22",
        "9007199254740991.0",
        "9.007199254740992e15",
        "5.0e-324",
        "1.7976931348623157e308",
        "-331587501606744.75",
        "3.000496449876026e-68",
        "-2235110066459082.2",
        "135853900179514.12",
    ];

    #[test]
    fn floats_print_as_erlang_prints_them() {
        for text in PRINTED {
            let value: f64 = text.parse().unwrap();
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn every_power_of_two_reads_back() {
        for exponent in -1074..=1023 {
            let value = 2_f64.powi(exponent);
            assert_eq!(float(value).parse(), Ok(value), "2^{exponent}");
        }
    }
}
