//! RATE, milestones: a fixed reward when a deal enters a stage, once per deal, ever.

use rust_decimal::Decimal;

use super::super::model::{IfLost, Rule, StageReward};
use super::Run;
use super::credit::{CreditLine, share_step};
use crate::books::{CreditRef, DimField, RowRef};
use crate::dates::day_number;
use crate::explain::Step;
use crate::facts;
use crate::rounding::{multiply, round_to_minor};

impl<'a> Run<'a> {
    /// The line of a stage entry; none when it is not the one that earns.
    pub(super) fn stage_line(
        &self,
        mut line: CreditLine<'a>,
        credit: CreditRef<'a>,
    ) -> Result<Option<CreditLine<'a>>, &'static str> {
        let Rule::StageReward(reward) = &line.place.component.rule else {
            return Ok(None);
        };
        let books = &self.snapshot.books;
        let fact = credit.fact;
        if !self.is_entry(reward, fact) {
            return Ok(None);
        }
        let opportunity = fact.dim(DimField::Opportunity);
        if opportunity == 0 {
            return Err("no_opportunity");
        }
        // Over all time and all people: only the first entry that was not taken back earns.
        let place = (fact.day(), fact.sequence());
        let kind = fact.dim(DimField::Kind);
        let earlier = |other: &RowRef<'_>| {
            (other.day(), other.sequence()) < place && other.dim(DimField::Kind) == kind
        };
        if books
            .of_opportunity(opportunity)
            .filter(earlier)
            .any(|other| self.is_entry(reward, other))
        {
            return Ok(None);
        }
        let currency = line.place.version.currency;
        let amount = round_to_minor(multiply(reward.amount, Decimal::from(currency.factor())));
        let part = credit.part_of(amount);
        line.basis = Decimal::from(part);
        let clause = line.place.clause();
        line.steps.push(Step::Fixed {
            clause,
            sequence: fact.sequence(),
            date: fact.date(),
            stage: reward.stage.clone(),
            amount,
        });
        line.steps.push(share_step(books, credit, part));
        if reward.if_lost == IfLost::Forfeit {
            line.lost = self.loss(opportunity);
        }
        Ok(Some(line))
    }

    /// Whether the fact is an entry into the stage that stands: no reversal, not reversed.
    fn is_entry(&self, reward: &StageReward, fact: RowRef<'_>) -> bool {
        let books = &self.snapshot.books;
        let has = |name: &str, value: &str| {
            let (name, value) = (books.find_word(name), books.find_word(value));
            name.zip(value)
                .is_some_and(|(name, value)| fact.attribute(name) == value)
        };
        has(facts::ATTRIBUTE_STAGE, &reward.stage)
            && reward
                .pipeline
                .as_ref()
                .is_none_or(|pipeline| has(facts::ATTRIBUTE_PIPELINE, pipeline))
            && !books.is_reversal(fact)
            && !books.is_reversed(fact)
    }

    /// The losing fact when the deal stands lost: the last of won and lost, net of reversals, as of the day asked.
    fn loss(&self, opportunity: u32) -> Option<(u32, i32)> {
        let books = &self.snapshot.books;
        let (won, lost) = (
            books.find_word(facts::OPPORTUNITY_WON),
            books.find_word(facts::OPPORTUNITY_LOST)?,
        );
        let as_of = day_number(self.as_of);
        let stands = |fact: &RowRef<'_>| {
            let kind = fact.dim(DimField::Kind);
            (Some(kind) == won || kind == lost)
                && fact.day() <= as_of
                && !books.is_reversal(*fact)
                && !books.is_reversed(*fact)
        };
        let last = books
            .of_opportunity(opportunity)
            .filter(stands)
            .max_by_key(|fact| (fact.day(), fact.sequence()))?;
        (last.dim(DimField::Kind) == lost).then(|| (last.sequence(), last.day()))
    }
}
