"""What happens to a public notice: drafted, reviewed by somebody else, posted, taken down."""
