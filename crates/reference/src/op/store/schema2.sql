-- Version 2: of one browser, and of all, only so many requests wait.

ALTER TABLE interaction ADD COLUMN browser BLOB;
CREATE INDEX interaction_browser ON interaction (browser, expires_at);
