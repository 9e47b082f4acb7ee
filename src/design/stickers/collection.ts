/** Of the collection, in the order in which they are shown. */
export const stickerCategories = ["hearts", "animals", "plants", "food", "play", "travel", "sky", "things"] as const;
export type StickerCategory = (typeof stickerCategories)[number];

/** Every sticker's name by category, in the order in which they are shown. Which they are is a choice of ours: docs/decisions has its rules. */
export const stickerNames: Readonly<Record<StickerCategory, readonly string[]>> = {
  hearts: words(`
    red-heart orange-heart yellow-heart green-heart light-blue-heart blue-heart purple-heart pink-heart black-heart
    grey-heart white-heart two-hearts revolving-hearts beating-heart growing-heart sparkling-heart heart-with-arrow
    heart-with-ribbon heart-decoration love-letter grinning-face beaming-face-with-smiling-eyes
    grinning-squinting-face face-with-tears-of-joy rolling-on-the-floor-laughing slightly-smiling-face
    upside-down-face winking-face smiling-face-with-smiling-eyes smiling-face-with-hearts smiling-face-with-heart-eyes
    star-struck face-blowing-a-kiss zany-face nerd-face smiling-face-with-sunglasses partying-face cowboy-hat-face
    sleeping-face grinning-cat smiling-cat-with-heart-eyes robot alien-monster ghost`),
  animals: words(`
    cat-face cat dog-face poodle fox wolf lion tiger-face horse-face unicorn zebra deer cow-face giraffe elephant
    mouse-face hamster rabbit-face chipmunk hedgehog bear polar-bear koala panda sloth otter kangaroo paw-prints
    rooster hatching-chick baby-chick penguin duck swan owl flamingo peacock parrot frog turtle dragon sauropod t-rex
    spouting-whale dolphin seal tropical-fish shark octopus jellyfish crab spiral-shell snail butterfly honeybee
    lady-beetle`),
  plants: words(`
    bouquet cherry-blossom rosette rose hibiscus sunflower blossom tulip hyacinth seedling potted-plant evergreen-tree
    deciduous-tree palm-tree cactus sheaf-of-rice herb four-leaf-clover maple-leaf fallen-leaf leaf-fluttering-in-wind
    mushroom brown-mushroom chestnut nest-with-eggs feather`),
  food: words(`
    grapes watermelon tangerine lemon banana pineapple red-apple cherries strawberry blueberries kiwi-fruit tomato
    coconut avocado carrot ear-of-corn broccoli croissant pretzel pancakes waffle cheese-wedge hamburger french-fries
    pizza popcorn spaghetti dumpling soft-ice-cream ice-cream doughnut cookie birthday-cake shortcake cupcake
    chocolate-bar lollipop honey-pot hot-beverage teapot bubble-tea cup-with-straw`),
  play: words(`
    soccer-ball basketball american-football baseball tennis volleyball rugby-football bowling ice-hockey ping-pong
    badminton ice-skate diving-mask running-shoe skis bullseye yo-yo kite skateboard roller-skate kick-scooter
    video-game puzzle-piece teddy-bear artist-palette musical-notes guitar trumpet saxophone drum accordion
    musical-keyboard microphone headphone clapper-board`),
  travel: words(`
    airplane rocket flying-saucer helicopter sailboat speedboat ferry anchor automobile racing-car tractor
    bus tram high-speed-train locomotive bicycle motor-scooter motorcycle globe-showing-europe-africa
    globe-showing-americas globe-showing-asia-australia compass snow-capped-mountain volcano tent beach-with-umbrella
    desert-island house-with-garden hut cityscape ferris-wheel roller-coaster carousel-horse fountain luggage
    backpack camera`),
  sky: words(`
    sun sun-with-face crescent-moon full-moon full-moon-face first-quarter-moon-face star glowing-star shooting-star
    dizzy sparkles milky-way comet ringed-planet cloud sun-behind-small-cloud sun-behind-rain-cloud cloud-with-rain
    cloud-with-snow rainbow umbrella umbrella-with-rain-drops snowflake snowman snowman-without-snow high-voltage
    droplet water-wave fire tornado sunrise sunset night-with-stars`),
  things: words(`
    party-popper balloon wrapped-gift ribbon fireworks sparkler jack-o-lantern piata mirror-ball wind-chime trophy
    sports-medal crown gem-stone ring magic-wand top-hat graduation-cap light-bulb books pencil paintbrush old-key
    alarm-clock hourglass-not-done telescope laptop radio sunglasses billed-cap handbag yarn bubbles`),
};

function words(list: string): readonly string[] {
  return list.trim().split(/\s+/);
}
