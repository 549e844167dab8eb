import type { StrideLetter } from '../../model/threat-model.ts';

/** Phrases of one or more lines, separated by `|`. */
const phrases = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split('|'));

/**
 * How people write the six categories, language by language: English, German, French, Spanish, Portuguese, Italian,
 * Dutch, Polish, Swedish, Finnish, Turkish, Indonesian, Malay, Greek, Russian, Ukrainian, Arabic, Hindi, Japanese,
 * Chinese, Korean. Tools store the category in the language of their user interface.
 */
export const STRIDE_WORDS: Readonly<Record<StrideLetter, readonly string[]>> = {
  S: phrases(
    'spoofing|spoofing identity|identity spoofing|spoof|impersonation|masquerading|spoofed identity',
    'vortäuschung|identitätsfälschung|identitätstäuschung|identitätsverschleierung|täuschung',
    "usurpation|usurpation d'identité|suplantación|suplantación de identidad|falsificação",
    'falsificação de identidade|personificação|falsificazione|falsificazione di identità|vervalsing',
    'identiteitsvervalsing|podszywanie się|förfalskning|väärentäminen|tekeytyminen',
    'kimlik sahteciliği|sahtecilik|pemalsuan|penyamaran|πλαστοπροσωπία|πλαστογράφηση|спуфинг|подмена',
    'подмена личности|спуфінг|підміна|انتحال|انتحال الهوية|انتحال الشخصية|स्पूफिंग|なりすまし|欺骗|假冒|仿冒|伪装',
    '身份欺骗|欺騙|偽冒|스푸핑|위장',
  ),
  T: phrases(
    'tampering|tampering with data|data tampering|tamper|integrity violation|manipulation',
    'verfälschung|datenmanipulation|falsification|altération|manipulación|alteración|adulteração',
    'manipulação|manomissione|alterazione|manipulatie|knoeien|manipulowanie|manipulering|peukalointi',
    'kurcalama|perusakan|pengubahan|gangguan|αλλοίωση|παραποίηση|вмешательство|фальсификация',
    'изменение|втручання|спотворення|تلاعب|التلاعب|العبث|छेड़छाड़|改ざん|改竄|篡改|竄改|변조',
  ),
  R: phrases(
    'repudiation|non repudiation violation|abstreitbarkeit|nichtanerkennung|verleugnung|abstreiten',
    'répudiation|repudio|repúdio|ripudio|ontkenning|weerlegging|zaprzeczalność|förnekande',
    'kiistäminen|inkar|penyangkalan|penolakan|αποποίηση|άρνηση|отказ от авторства|отрицание',
    'відмова від авторства|заперечення|إنكار|الإنكار|التنصل|अस्वीकरण|否認|否认|抵赖|부인',
  ),
  I: phrases(
    'information disclosure|info disclosure|disclosure|information leakage|disclosure of information',
    'offenlegung von informationen|veröffentlichung von informationen|informationsoffenlegung',
    "informationspreisgabe|divulgation d'informations|divulgation d'information",
    'divulgación de información|revelación de información|divulgação de informações',
    'divulgação de informação|divulgazione di informazioni|openbaarmaking van informatie',
    'ujawnienie informacji|informationsröjande|tietojen paljastuminen|tietovuoto|bilgi ifşası',
    'pengungkapan informasi|pendedahan maklumat|αποκάλυψη πληροφοριών|раскрытие информации',
    'разглашение информации|розкриття інформації|розголошення інформації|كشف المعلومات',
    'الكشف عن المعلومات|إفشاء المعلومات|सूचना प्रकटीकरण|情報漏えい|情報漏洩|情報の漏えい|情報開示|信息泄露|信息泄漏|資訊洩漏|정보 유출',
    '정보 노출',
  ),
  D: phrases(
    'denial of service|denial of services|dos|ddos|denial of service dos|dienstverweigerung',
    'verweigerung des dienstes|déni de service|denegación de servicio|negação de serviço',
    'recusa de serviço|negazione del servizio|dienstweigering|odmowa usługi|tjänstenekande',
    'palvelunesto|hizmet reddi|hizmet engelleme|penolakan layanan|penafian perkhidmatan',
    'άρνηση υπηρεσίας|άρνηση παροχής υπηρεσιών|отказ в обслуживании|відмова в обслуговуванні',
    'رفض الخدمة|الحرمان من الخدمة|حجب الخدمة|सेवा से इनकार|サービス拒否|サービス妨害|拒绝服务|阻斷服務|서비스 거부',
  ),
  E: phrases(
    'elevation of privilege|elevation of privileges|privilege escalation|escalation of privilege',
    'escalation of privileges|elevation of privilege eop|eop|rechteausweitung|ausweitung von rechten',
    'erhöhung von rechten|berechtigungserhöhung|élévation de privilèges|élévation de privilège',
    'elevación de privilegios|escalada de privilegios|elevação de privilégios|elevação de privilégio',
    'elevazione dei privilegi|elevazione di privilegi|verhoging van rechten|podniesienie uprawnień',
    'rättighetshöjning|oikeuksien korottaminen|käyttöoikeuksien korottaminen|ayrıcalık yükseltme',
    'yetki yükseltme|peningkatan hak istimewa|eskalasi hak istimewa|peningkatan keistimewaan',
    'κλιμάκωση προνομίων|повышение привилегий|підвищення привілеїв|رفع الامتيازات|تصعيد الامتيازات',
    'विशेषाधिकार वृद्धि|権限昇格|権限の昇格|特権の昇格|特权提升|权限提升|權限提升|권한 상승',
  ),
};
