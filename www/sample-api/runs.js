/**
 * The stored runs of the sample API. Each of the first three groups translates the same sentences, so that languages can be
 * compared. The last group has texts that software often gets wrong: empty, long, markup-like, right-to-left or odd text.
 */

/** "Your order is on its way." "It will arrive on Thursday from 9 a.m. to noon." "Thank you for shopping with us!" */
const ORDER = "Order on its way";
const orders = [
  [12345, "es", [
    "Tu pedido está en camino.",
    "Llegará el jueves entre las 9:00 y las 12:00.",
    "¡Gracias por tu compra!",
  ]],
  [6789, "ja", [
    "ご注文の商品は配送中です。",
    "木曜日の午前9時から正午までにお届けします。",
    "ご利用いただきありがとうございます。",
  ]],
  [20417, "ar", [
    "طلبك في الطريق إليك.",
    "سيصل يوم الخميس بين الساعة 9 صباحًا و12 ظهرًا.",
    "شكرًا لتسوقك معنا!",
  ]],
  [20418, "he", [
    "ההזמנה שלך בדרך.",
    "היא תגיע ביום חמישי בין 9:00 ל-12:00.",
    "תודה שקנית אצלנו!",
  ]],
  [20419, "fa", [
    "سفارش شما در راه است.",
    "پنجشنبه بین ساعت ۹ صبح تا ۱۲ ظهر به دستتان می\u200cرسد.",
    "از خرید شما سپاسگزاریم!",
  ]],
  [20420, "zh-Hans", [
    "您的订单已在配送途中。",
    "预计周四上午9点至中午12点送达。",
    "感谢您的惠顾！",
  ]],
  [20421, "ko", [
    "주문하신 상품이 배송 중입니다.",
    "목요일 오전 9시에서 정오 사이에 도착할 예정입니다.",
    "이용해 주셔서 감사합니다!",
  ]],
  [31002, "hi", [
    "आपका ऑर्डर रास्ते में है।",
    "यह गुरुवार को सुबह 9 बजे से दोपहर 12 बजे के बीच पहुँच जाएगा।",
    "हमारे साथ खरीदारी करने के लिए धन्यवाद!",
  ]],
  [31003, "bn", [
    "আপনার অর্ডার পথে আছে।",
    "এটি বৃহস্পতিবার সকাল ৯টা থেকে দুপুর ১২টার মধ্যে পৌঁছে যাবে।",
    "আমাদের সাথে কেনাকাটা করার জন্য ধন্যবাদ!",
  ]],
  [31004, "ta", [
    "உங்கள் ஆர்டர் வந்துகொண்டிருக்கிறது.",
    "இது வியாழக்கிழமை காலை 9 மணி முதல் நண்பகல் 12 மணிக்குள் வந்து சேரும்.",
    "எங்களிடம் வாங்கியதற்கு நன்றி!",
  ]],
  [31005, "th", [
    "คำสั่งซื้อของคุณกำลังจัดส่ง",
    "จะถึงในวันพฤหัสบดี ระหว่างเวลา 9.00–12.00 น.",
    "ขอบคุณที่ใช้บริการ!",
  ]],
  [48813, "ru", [
    "Ваш заказ уже в пути.",
    "Он прибудет в четверг с 9:00 до 12:00.",
    "Спасибо за покупку!",
  ]],
  [48814, "uk", [
    "Ваше замовлення вже в дорозі.",
    "Воно прибуде в четвер з 9:00 до 12:00.",
    "Дякуємо за покупку!",
  ]],
  [48815, "el", [
    "Η παραγγελία σας είναι καθ’ οδόν.",
    "Θα φτάσει την Πέμπτη μεταξύ 9 π.μ. και 12 το μεσημέρι.",
    "Ευχαριστούμε για την αγορά σας!",
  ]],
  [48816, "fr", [
    "Votre commande est en route.",
    "Elle arrivera jeudi entre 9\u00a0h et midi.",
    "Merci de votre achat\u202f!",
  ]],
  [48817, "de", [
    "Ihre Bestellung ist unterwegs.",
    "Sie kommt am Donnerstag zwischen 9 und 12 Uhr an.",
    "Vielen Dank für Ihren Einkauf!",
  ]],
  [48818, "pt-BR", [
    "Seu pedido está a caminho.",
    "Ele chegará na quinta-feira, entre 9h e 12h.",
    "Obrigado por comprar conosco!",
  ]],
  [48819, "it", [
    "Il tuo ordine è in arrivo.",
    "Arriverà giovedì tra le 9 e le 12.",
    "Grazie per il tuo acquisto!",
  ]],
  [48820, "tr", [
    "Siparişiniz yola çıktı.",
    "Perşembe günü saat 9 ile 12 arasında teslim edilecek.",
    "Bizi tercih ettiğiniz için teşekkürler!",
  ]],
  [48821, "vi", [
    "Đơn hàng của bạn đang trên đường giao.",
    "Hàng sẽ đến vào thứ Năm, từ 9 giờ sáng đến 12 giờ trưa.",
    "Cảm ơn bạn đã mua sắm!",
  ]],
];

/** "Where are we going?" "To the sea. We'll be there before dark." "And if it rains?" "Then we'll get wet together." */
const SUBTITLES = "Film subtitles";
const subtitles = [
  [52001, "fr", [
    "Où est-ce qu’on va\u202f?",
    "À la mer. On y sera avant la nuit.",
    "Et s’il pleut\u202f?",
    "Alors on se mouillera ensemble.",
  ]],
  [52002, "de", [
    "Wohin fahren wir?",
    "Ans Meer. Wir sind da, bevor es dunkel wird.",
    "Und wenn es regnet?",
    "Dann werden wir zusammen nass.",
  ]],
  [52003, "es", [
    "¿Adónde vamos?",
    "Al mar. Llegaremos antes de que anochezca.",
    "¿Y si llueve?",
    "Pues nos mojamos juntos.",
  ]],
  [52004, "ja", [
    "どこへ行くの？",
    "海だよ。暗くなる前に着くよ。",
    "雨が降ったら？",
    "一緒に濡れればいい。",
  ]],
  [52005, "ar", [
    "إلى أين نحن ذاهبان؟",
    "إلى البحر. سنصل قبل حلول الظلام.",
    "وماذا لو أمطرت؟",
    "نبتلّ معًا إذن.",
  ]],
  [52006, "zh-Hans", [
    "我们要去哪儿？",
    "去海边。天黑前就能到。",
    "要是下雨呢？",
    "那就一起淋雨吧。",
  ]],
];

/** "Mind the step." "In case of fire, do not use the lift." "Emergency exit only." */
const NOTICES = "Notices in a building";
const notices = [
  [53001, "hi", ["सीढ़ी का ध्यान रखें।", "आग लगने पर लिफ़्ट का उपयोग न करें।", "केवल आपातकालीन निकास।"]],
  [53002, "he", ["זהירות, מדרגה.", "בשעת שרפה אין להשתמש במעלית.", "יציאת חירום בלבד."]],
  [53003, "tr", ["Basamağa dikkat edin.", "Yangın anında asansörü kullanmayın.", "Yalnızca acil çıkış."]],
  [53004, "ru", [
    "Осторожно, ступенька.",
    "При пожаре лифтом не пользоваться.",
    "Только аварийный выход.",
  ]],
  [53005, "el", [
    "Προσοχή στο σκαλοπάτι.",
    "Σε περίπτωση πυρκαγιάς μη χρησιμοποιείτε τον ανελκυστήρα.",
    "Μόνο έξοδος κινδύνου.",
  ]],
];

const FRENCH_PROSE = [
  "Le marché du samedi commence avant l’aube. Les premiers camions se rangent sous les platanes, on déplie les",
  "tables, on accroche les bâches, et l’odeur du café se mêle à celle des melons. Vers huit heures, la place est",
  "pleine\u00a0: on goûte, on compare, on discute le prix d’un fromage pour le plaisir de discuter. À midi, le vent",
  "se lève toujours, comme s’il avait lui aussi un étal à replier. Une heure plus tard, il ne reste que quelques",
  "feuilles de salade sur les pavés, deux chats, et le silence d’un jour ordinaire.",
].join(" ");
const JAPANESE_PROSE =
  "駅前の小さな本屋は、雨の日にだけ少し混む。傘を畳んだ人たちは、棚の間をゆっくり歩き、読むつもりのなかった" +
  "本を一冊ずつ手に取る。店主は何も言わず、窓際の椅子をそっと引いておく。";

const oddities = [
  [1, "fr", "One short text", ["Bonjour."]],
  [61001, "es", "Emoji: joined sequences, skin tones, flags, keycaps", [
    "¡Buen viaje, familia! 👨‍👩‍👧‍👦✈️",
    "👩🏽‍🚒 🏳️‍🌈 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇯🇵🇰🇷🇺🇦",
    "Paso 1️⃣: toca ❤️‍🔥",
  ]],
  // Written with escapes, because an editor that normalizes on save would make both forms the same.
  [61002, "vi", "Combining marks, the same words composed and decomposed", [
    "Ti\u1ebfng Vi\u1ec7t",
    "Tie\u0302\u0301ng Vie\u0323\u0302t",
    "a\u030a\u0323 q\u0307\u0323 n\u0303\u0304\u0301\u0302\u0300",
  ]],
  [61003, "he", "Right-to-left with numbers and Latin words", [
    "הזמנה מספר \u2066A-1042\u2069 בסך 249.90 ₪ נשלחה אל \u2066dana@example.com\u2069.",
    "הגרסה החדשה של Linux תומכת ב-USB-C (עד 40 Gbps).",
  ]],
  [61004, "fr", "A long text", [Array(12).fill(FRENCH_PROSE).join("\n\n")]],
  [61005, "ja", "A long text without spaces", [JAPANESE_PROSE.repeat(30)]],
  [61006, "de", "Long words", [
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
  ]],
  [61007, "pt-BR", "Empty and blank texts among others", ["", "Olá!", "", " ", "Até logo!"]],
  [61008, "tr", "No texts at all", []],
  [61009, "it", "Text that looks like markup or a template", [
    "<b>not bold</b> & \"quotes\"",
    "<script>alert(\"ciao\")</script><img src=x onerror=alert(1)>",
    "&lt;i&gt; &amp; &#39; {{nome}} ${nome} %s \\n",
  ]],
  [61010, "de", "Line breaks of every kind", [
    "Erste Zeile\u2028zweite Zeile\u2029neuer Absatz",
    "\n",
    "Windows\r\nUnix\nTabulator\tEnde",
  ]],
  [61011, "pl", "Many short texts", [
    "styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik",
    "listopad", "grudzień", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela",
  ]],
  [61012, "ko", "Half of a surrogate pair, as a cut emoji leaves it", ["여기서 잘렸습니다: \ud83d"]],
  [Number.MAX_SAFE_INTEGER, "sw", "The largest run id", ["Karibu tena!"]],
];

/** @type {Map<number, { language: string, title: string, texts: string[] }>} */
export const runs = new Map([
  ...orders.map(([id, language, texts]) => [id, { language, title: ORDER, texts }]),
  ...subtitles.map(([id, language, texts]) => [id, { language, title: SUBTITLES, texts }]),
  ...notices.map(([id, language, texts]) => [id, { language, title: NOTICES, texts }]),
  ...oddities.map(([id, language, title, texts]) => [id, { language, title, texts }]),
]);

/** Translation runs that have no texts yet. */
export const unfinished = new Set([70001, 70002, 70003]);

/** Finished runs whose output is not a translation. */
export const otherType = new Map([
  [80001, "text-to-speech"],
  [80002, "text-to-speech"],
  [80003, "dubbing"],
  [80004, "transcription"],
]);

/** The runs with which the demo page opens: the same three sentences in five scripts, one of them right-to-left. */
export const sampleIds = [12345, 6789, 20417, 31002, 48813];

/** Ids without a run, for examples of missing runs. */
export const unknownIds = [999, 404404, 90000001];
