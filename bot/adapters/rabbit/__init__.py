"""The bus on RabbitMQ: quorum queues, publisher confirms, single active consumers."""

from bot.adapters.rabbit.bus import RabbitBus

__all__ = ["RabbitBus"]
