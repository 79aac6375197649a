"""Names of keys. Everything of one person carries the hash tag ``{person}``: one slot of a Redis Cluster.

pc:{P}:s     hash   v = version, d = session, o:<input id> = outbox of that input
pc:{P}:seen  zset   input ids by the time of their commit
pc:{P}:d     hash   effect id -> what became of that message
pc:{P}:q     hash   blind name of a gateway id -> the question that message asked
pc:{P}:a:<effect> string  the gateway id of an alarm's text that an ingress sent; empty while it does
pc:{P}:n     hash   notice -> when it was sent, and when the day ended on which it counts
pc:{P}:$:<day> spent by that person on that day;   pc:$:<day>  by all
pc:{P}:b:<name> string when that bucket of theirs is full again;   pc:{b}:<name>  a common one
pc:k:<name>  hash   receipt status of one gateway id, by its blind name, and until there is one, for an hour, the message (m)
pc:w:<token> string the gateway id that carries a token
pc:{tN}:z, :h, :bad  timers of shard N: times, payloads, unreadable ones
pc:intact    string set once open timers were set from the store
pc:backup    string when the newest backup was begun
pc:lid:<name> string hidden number and its phone, by its blind name
                    (what people are, said or have is sealed there; ids of messages hold a phone number on the official channel)
pc:channels  hash   instance -> state;   pc:m:<group> zset  living members
"""

from __future__ import annotations

from bot.model.ids import EffectId, PersonId, partition_of


class Keys:
    """Key names under one prefix; two services can share a server under two prefixes."""

    def __init__(self, prefix: str = "pc") -> None:
        self._prefix = prefix

    def session(self, person: PersonId) -> str:
        return f"{self._prefix}:{{{person}}}:s"

    def seen(self, person: PersonId) -> str:
        return f"{self._prefix}:{{{person}}}:seen"

    def deliveries(self, person: PersonId) -> str:
        return f"{self._prefix}:{{{person}}}:d"

    def aid(self, person: PersonId, alarm: EffectId) -> str:
        return f"{self._prefix}:{{{person}}}:a:{alarm}"

    def asked(self, person: PersonId) -> str:
        return f"{self._prefix}:{{{person}}}:q"

    def notices(self, person: PersonId) -> str:
        return f"{self._prefix}:{{{person}}}:n"

    def spent(self, person: PersonId, day: str) -> str:
        return f"{self._prefix}:{{{person}}}:$:{day}"

    def spent_by_all(self, day: str) -> str:
        return f"{self._prefix}:$:{day}"

    def bucket(self, name: str, person: PersonId | None) -> str:
        return f"{self._prefix}:{{{person}}}:b:{name}" if person else f"{self._prefix}:{{b}}:{name}"

    def receipt(self, name: str) -> str:
        return f"{self._prefix}:k:{name}"

    def carrier(self, token: str) -> str:
        return f"{self._prefix}:w:{token}"

    def timers(self, shard: int) -> tuple[str, str]:
        return f"{self._prefix}:{{t{shard}}}:z", f"{self._prefix}:{{t{shard}}}:h"

    def unreadable_timers(self, shard: int) -> str:
        return f"{self._prefix}:{{t{shard}}}:bad"

    def timers_of(self, person: PersonId, shards: int) -> tuple[str, str]:
        return self.timers(partition_of(person, shards))

    def intact(self) -> str:
        return f"{self._prefix}:intact"

    def backup(self) -> str:
        return f"{self._prefix}:backup"

    def hidden(self, name: str) -> str:
        return f"{self._prefix}:lid:{name}"

    def channels(self) -> str:
        return f"{self._prefix}:channels"

    def members(self, group: str) -> str:
        return f"{self._prefix}:m:{group}"
