//! The way of each deal through the stages.

use chrono::{Days, NaiveDate};

use super::people::Story;
use super::random::Random;
use super::sales::working;

/// The open stages, in their order.
pub const OPEN: [&str; 4] = ["prospecting", "qualified", "proposal", "negotiation"];

/// What is known of a deal before its way is laid.
pub struct Life {
    /// How it stands today.
    pub stage: &'static str,
    /// The day it began.
    pub opened_on: NaiveDate,
    /// The day it ended; today where it is open.
    pub until: NaiveDate,
    /// What is special about its owner.
    pub story: Story,
}

/// The open stages that a deal entered, with their days, which never go back.
pub fn way(life: &Life, random: &mut Random) -> Vec<(&'static str, NaiveDate)> {
    let last = match life.stage {
        "won" => OPEN.len() - 1,
        "lost" => lost_at(life.story, random),
        open => OPEN.iter().position(|stage| *stage == open).unwrap_or(0),
    };
    let days = (life.until - life.opened_on).num_days().max(0);
    let is_stuck = life.story == Story::StuckAtQuotes && life.stage == "proposal";
    // A quick deal is signed without much talk about terms.
    let skipped = life.stage == "won" && random.chance(12);
    let mut way: Vec<(&'static str, NaiveDate)> = vec![("prospecting", life.opened_on)];
    for (number, stage) in (1_i64..).zip(OPEN.into_iter().skip(1)).take(last) {
        let passed = match is_stuck {
            // The quote went out within weeks, and nothing has happened since.
            true => number * random.between(5, 9),
            false => days * (number * 100 + random.between(-30, 20)) / (i64::try_from(last).unwrap_or(3) * 100 + 60),
        };
        if skipped && stage == "negotiation" {
            continue;
        }
        let before = way.last().map_or(life.opened_on, |(_, day)| *day);
        let day = life.opened_on + Days::new(u64::try_from(passed).unwrap_or(0));
        way.push((stage, working(day).min(life.until).max(before)));
    }
    way
}

/// The open stage at which a deal was lost.
fn lost_at(story: Story, random: &mut Random) -> usize {
    match story {
        Story::LosesOnPrice => random.pick(&[2, 2, 3, 3, 3]),
        Story::StuckAtQuotes => random.pick(&[1, 2, 2, 2]),
        _ => random.pick(&[0, 1, 1, 2, 2, 3]),
    }
}
