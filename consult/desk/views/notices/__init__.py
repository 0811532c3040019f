"""消息: how I am told, how notices are worded, by what they leave, and what became of them."""
