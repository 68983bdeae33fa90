//! MEASURE: the attainment a tier goes by. Never reads pay.

use rust_decimal::Decimal;

use super::Run;
use crate::explain::{Clause, Step};
use crate::goals::{TargetSource, attainment, find_target};
use crate::metrics::{Cut, MetricVersion, Subject, evaluate};

/// A person's value, target and attainment of a metric in the plan's period.
pub(super) struct Reached {
    /// The target; none: there is none or it is 0.
    pub(super) target: Option<Decimal>,
    pub(super) value: Option<Decimal>,
    pub(super) attainment: Option<Decimal>,
    pub(super) step: Step,
}

impl<'a> Run<'a> {
    pub(super) fn reached(&self, code: &str) -> Reached {
        let definitions = &self.snapshot.definitions;
        let metric = definitions.metric_on(code, self.range.end);
        let cut = Cut::default();
        let subject = Subject::Person(self.person);
        let found = metric.and_then(|metric| {
            Some((
                metric,
                find_target(definitions, metric, subject, self.period, &cut)?,
            ))
        });
        let Some((metric, target)) = found.filter(|(_, target)| !target.base.is_zero()) else {
            let step = Step::NoTarget {
                metric: code.to_owned(),
                period: self.period,
            };
            return Reached {
                target: None,
                value: None,
                attainment: None,
                step,
            };
        };
        let value = self.value_of(metric);
        let reached = attainment(value, Some(target.base), metric.direction);
        let summed = match target.source {
            TargetSource::Own => Vec::new(),
            TargetSource::SumOf(periods) => periods,
        };
        let clause = Clause::Metric {
            metric: metric.code.clone(),
            version: metric.version,
        };
        let step = Step::Attainment {
            clause,
            value,
            target: target.base,
            summed,
            attainment: reached,
        };
        Reached {
            target: Some(target.base),
            value,
            attainment: reached,
            step,
        }
    }

    fn value_of(&self, metric: &MetricVersion) -> Option<Decimal> {
        evaluate(
            self.snapshot,
            metric,
            Subject::Person(self.person),
            self.range,
            &Cut::default(),
        )
        .value
    }
}
