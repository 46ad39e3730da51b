/**
 * What a reader would not see, or what makes a text look like another one: control characters but for the ends of
 * lines and tabs, marks that turn the direction of writing (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing),
 * and characters without width. The joiners U+200C and U+200D are letters' and emojis' own, and stay between them.
 */
const unseen =
  /[^\P{Cc}\t\n\r]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<![^\0-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\0-\x7f])/gu

/** Shows each of them as its number, such as `⟨U+202E⟩`, so that a name from outside is what it looks like. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const number = character.codePointAt(0) ?? 0
    return `⟨U+${number.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
