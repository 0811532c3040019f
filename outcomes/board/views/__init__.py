"""The doors of the board: pages, and what programs read."""

from outcomes.board.views.feeds import calendar, feed, robots, sitemap, sitemaps
from outcomes.board.views.pages import home, notice, photo, poster, qr

__all__ = ["calendar", "feed", "home", "notice", "photo", "poster", "qr", "robots", "sitemap", "sitemaps"]
