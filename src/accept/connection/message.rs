//! The message of a transaction: kept while it arrives, and handed over when it is whole.

use crate::accept::arrived::{arrived, refusal};
use crate::accept::connection::{Connection, Open, settled};
use crate::accept::stream::Look;
use crate::accept::wire::Lost;
use crate::accept::word::Word;
use crate::accept::{Answer, Journey};
use crate::metrics::catalogue::{ABANDONED, MESSAGE_OCTETS, MESSAGES};
use crate::smtp::{Reply, StrayLineEndings};
use crate::spool::{Draft, beside};

impl<J: Journey> Connection<'_, J> {
    /// Keeps what is to come, unless it only goes on.
    pub(super) fn begin_message(&mut self) {
        if let Some(open) = &mut self.open {
            open.draft
                .get_or_insert_with(|| Draft::new(&self.house.terms.spool));
        }
    }

    pub(super) async fn write(&mut self, octets: &[u8]) {
        let Some(draft) = self.open.as_mut().and_then(|open| open.draft.as_mut()) else {
            return;
        };
        if let Err(error) = draft.take_in(octets).await {
            self.session.discard(refusal(error));
            self.forget();
        }
    }

    /// Hands the message over, and tells what is said to it.
    pub(super) async fn message(&mut self) -> Result<Vec<Reply>, Lost> {
        let Some(Open { transaction, draft }) = self.open.take() else {
            return Ok(vec![Reply::SPOOL_FAILED]);
        };
        let recipients = transaction.envelope.recipients.len();
        let finished = match draft {
            Some(draft) => draft.end().await.map_err(refusal),
            None => Err(Reply::SPOOL_FAILED),
        };
        let arrived = finished.and_then(|came| {
            let strays = self.house.entrance.listener.strays();
            let spool = &self.house.terms.spool;
            let message = came.clone();
            let arrived = || arrived(transaction.id, came, strays, spool);
            match strays {
                // It may be written anew, twice as long.
                StrayLineEndings::Normalize if message.len() * 2 > spool.memory => beside(arrived),
                _ => message.beside(arrived),
            }
        });
        let arrived = match arrived {
            Ok(arrived) => arrived,
            Err(reply) => {
                ABANDONED.count([]);
                self.journey.abandon().await;
                return Ok(Answer::All(reply).said(self.protocol, recipients));
            }
        };
        MESSAGES.count([]);
        MESSAGE_OCTETS.add([], arrived.message.len());
        // The verdict may take a while. A client that has gone does not stop it: whoever has the message by
        // then must be known.
        drop(self.wire.flush().await);
        let answer = self.journey.message(&transaction, arrived).await;
        self.word = match self.wire.look_ahead() {
            Look::End => Word::InVain,
            Look::Nothing | Look::Octets => Word::Said,
        };
        let replies = answer.said(self.protocol, recipients);
        Ok(replies.into_iter().map(settled).collect())
    }

    /// Gives back what the draft holds: the rest of the message is only read to keep the dialogue in step.
    pub(super) fn forget(&mut self) {
        if let Some(open) = &mut self.open {
            open.draft = None;
        }
    }

    pub(super) async fn abandon(&mut self) -> bool {
        let open = self.open.take().is_some();
        if open {
            ABANDONED.count([]);
            Box::pin(self.journey.abandon()).await;
        }
        open
    }
}
