//! Checking what people send: every wrong field of a form is named at once, with what would be right.
//!
//! HTTP bodies and imported rows go through the same checks.

use chrono::{Datelike, NaiveDate};
use qiao_engine::money::{Currency, MoneyError, parse_minor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Context;
use crate::error::{AppError, FieldError};

/// Money as the outside writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// A decimal string with a point, for example `-1234.50`.
    #[schema(example = "1234.50")]
    pub amount: String,
    /// ISO 4217; the company's where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "CNY")]
    pub currency: Option<String>,
}

/// The longest name, in characters.
pub const NAME: usize = 200;
/// The longest note, in characters.
pub const NOTE: usize = 10_000;

/// Collects what is wrong with a form.
#[derive(Debug, Default)]
pub struct Checker {
    errors: Vec<FieldError>,
}

impl Checker {
    /// Notes a wrong field.
    pub fn wrong(&mut self, pointer: &str, code: &'static str, args: &[&str]) {
        self.errors.push(FieldError::new(pointer, code, args));
    }

    /// A required text of at most `most` characters, trimmed.
    pub fn text(&mut self, pointer: &str, value: &str, most: usize) -> String {
        let trimmed = value.trim();
        if trimmed.is_empty() {
            self.wrong(pointer, "required", &[]);
        }
        self.check_text(pointer, trimmed, most);
        trimmed.to_owned()
    }

    /// A text that may be absent; an empty one counts as absent.
    pub fn optional_text(&mut self, pointer: &str, value: Option<&str>, most: usize) -> Option<String> {
        let trimmed = value.map(str::trim).filter(|text| !text.is_empty())?;
        self.check_text(pointer, trimmed, most);
        Some(trimmed.to_owned())
    }

    fn check_text(&mut self, pointer: &str, text: &str, most: usize) {
        if text.chars().count() > most {
            self.wrong(pointer, "too_long", &[&most.to_string()]);
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.wrong(pointer, "control_characters", &[]);
        }
    }

    /// A date between 1970 and 2100.
    pub fn date(&mut self, pointer: &str, value: &str) -> Option<NaiveDate> {
        let Ok(date) = NaiveDate::parse_from_str(value.trim(), "%Y-%m-%d") else {
            self.wrong(pointer, "not_date", &[value]);
            return None;
        };
        if !(1970..=2100).contains(&date.year()) {
            self.wrong(pointer, "date_out_of_range", &[value]);
            return None;
        }
        Some(date)
    }

    /// A date that may be absent.
    pub fn optional_date(&mut self, pointer: &str, value: Option<&str>) -> Option<NaiveDate> {
        let value = value.filter(|text| !text.trim().is_empty())?;
        self.date(pointer, value)
    }

    /// Money in the company's currency, in minor units.
    pub fn money(&mut self, pointer: &str, value: &Money, context: &Context) -> Option<i64> {
        if let Some(currency) = &value.currency
            && *currency != context.company.currency
        {
            self.wrong(&format!("{pointer}/currency"), "currency_mismatch", &[currency, &context.company.currency]);
            return None;
        }
        self.amount(&format!("{pointer}/amount"), &value.amount, context)
    }

    /// Money that may be absent.
    pub fn optional_money(&mut self, pointer: &str, value: Option<&Money>, context: &Context) -> Option<i64> {
        value.and_then(|value| self.money(pointer, value, context))
    }

    /// An amount in the company's currency, in minor units.
    pub fn amount(&mut self, pointer: &str, text: &str, context: &Context) -> Option<i64> {
        let Ok(currency) = context.company.currency.parse::<Currency>() else {
            self.wrong(pointer, "currency_mismatch", &[&context.company.currency, &context.company.currency]);
            return None;
        };
        match parse_minor(text.trim(), currency) {
            Ok(minor) => Some(minor),
            Err(MoneyError::TooManyDecimals { .. }) => {
                self.wrong(
                    pointer,
                    "too_many_decimals",
                    &[text, &context.company.currency, &currency.digits().to_string()],
                );
                None
            }
            Err(_) => {
                self.wrong(pointer, "not_money", &[text]);
                None
            }
        }
    }

    /// A UUID that may be absent.
    pub fn optional_id(&mut self, pointer: &str, value: Option<&str>) -> Option<Uuid> {
        let text = value.filter(|text| !text.is_empty())?;
        let id = Uuid::try_parse(text).ok();
        if id.is_none() {
            self.wrong(pointer, "not_an_id", &[text]);
        }
        id
    }

    /// A required UUID.
    pub fn id(&mut self, pointer: &str, value: &str) -> Option<Uuid> {
        if value.is_empty() {
            self.wrong(pointer, "required", &[]);
            return None;
        }
        self.optional_id(pointer, Some(value))
    }

    /// One of a few words.
    pub fn choice(&mut self, pointer: &str, value: &str, choices: &[&str]) -> String {
        if !choices.contains(&value) {
            self.wrong(pointer, "not_a_choice", &[value, &choices.join(", ")]);
        }
        value.to_owned()
    }

    /// A share or rate between 0 and 1 as a decimal string, in parts per million.
    pub fn share(&mut self, pointer: &str, text: &str) -> Option<i64> {
        let parsed = text.trim().parse::<rust_decimal::Decimal>().ok();
        let ppm = parsed.and_then(|value| value.checked_mul(1_000_000.into())).filter(|ppm| ppm.fract().is_zero());
        match ppm.and_then(|ppm| i64::try_from(ppm.trunc()).ok()) {
            Some(ppm) if (0..=1_000_000).contains(&ppm) => Some(ppm),
            Some(_) => {
                self.wrong(pointer, "out_of_range", &[text, "0", "1"]);
                None
            }
            None => {
                self.wrong(pointer, "not_rate", &[text]);
                None
            }
        }
    }

    /// True while nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.errors.is_empty()
    }

    /// Ends the check.
    ///
    /// # Errors
    /// 422 with every wrong field.
    pub fn done(self) -> Result<(), AppError> {
        if self.errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.errors)) }
    }
}
